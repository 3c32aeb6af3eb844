// Package ferrule is what the sample's functions share: what the shop sells, what
// a cart is, who may sign in, and how all of them keep their sessions. Nothing in
// it knows of HTTP.
//
// The environment says the rest:
//
//	SESSION_STORE             dynamodb (the default), redis, cookie or memory
//	SESSION_TABLE             the name of the sessions table, for dynamodb
//	REDIS_URL                 where the server is, for redis; that is for programs
//	                          built with the tag redis alone
//	SESSION_STORE_KEYS        for cookie: its keys in base64, newest first, with
//	                          commas between them
//	SESSION_STORE_KEYS_SECRET the name or ARN of a secret with those keys instead
//	SESSION_IDLE_TIMEOUT      ends a session that nobody used, such as 30m
//	SESSION_ABSOLUTE_TIMEOUT  ends any session, such as 12h
//	SESSION_KEYS_SECRET       the name or ARN of a secret in AWS Secrets Manager
//	                          with the keys that sign the cookie; unsigned without
//
// Region, credentials and endpoint are the AWS SDK's own settings, such as
// AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB.
//
// The two users of user.go stand where a real application asks its user database.
package ferrule
