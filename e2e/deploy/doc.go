// Package deploy proves template.yaml as far as that is possible without an AWS
// account: it is linted, built by sam, translated as CloudFormation does, and
// deployed to moto, which answers as AWS does. Then the tests read back what was
// made, and run the built functions with the credentials of their own roles, where
// each permission alone is taken away to see that something breaks.
//
// main_test.go does all that takes long, once. Then read resources_test.go for what
// is deployed, and roles_test.go for what it may do; visits_test.go is what each
// function is asked for meanwhile. testdata/cloud.py says where moto is less than
// AWS, and adds that.
//
// It needs what scripts/setup sam makes.
package deploy
