module github.com/lambdasession/lambdasession-go/redisstore

go 1.26.0

// For work inside this repository; Go ignores it where the module is a
// dependency. A release names the released version of the root module instead.
replace github.com/lambdasession/lambdasession-go => ../

require (
	github.com/google/go-cmp v0.7.0
	github.com/lambdasession/lambdasession-go v0.0.0-00010101000000-000000000000
	github.com/redis/go-redis/v9 v9.23.0
	go.uber.org/goleak v1.3.0
)

require (
	github.com/aws/aws-lambda-go v1.55.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.12.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)
