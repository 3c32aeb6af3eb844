// Package sessionstore opens the store that the sample functions keep their
// sessions in, as the environment says:
//
//	SESSION_STORE   dynamodb (the default) or memory
//	SESSION_TABLE   the name of the sessions table, for dynamodb
//
// Region, credentials and endpoint are the AWS SDK's own settings, such as
// AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB.
package sessionstore
