// Package ferrule is what the sample's functions share: what the shop sells, what
// a cart is, who may sign in, and the store that all of them keep their sessions
// in. Nothing in it knows of HTTP.
//
// The store is opened as the environment says:
//
//	SESSION_STORE   dynamodb (the default) or memory
//	SESSION_TABLE   the name of the sessions table, for dynamodb
//
// Region, credentials and endpoint are the AWS SDK's own settings, such as
// AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB.
//
// The two users of user.go stand where a real application asks its user database.
package ferrule
