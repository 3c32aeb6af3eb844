package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/logging"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// How long AWS may take.
const (
	// Some programs that have credentials ask a person for leave.
	credentialsTimeout = 30 * time.Second
	// A DynamoDB Local takes any.
	localCredentialsTimeout = 2 * time.Second
	// A request, with its being sent again.
	requestTimeout = 5 * time.Second
)

// tableFlags say which table of which account is meant. What is not given comes
// from where every program of AWS looks for it: the environment and the files
// under ~/.aws.
type tableFlags struct {
	Table        string `placeholder:"NAME" env:"SESSION_TABLE" help:"The name or the ARN of the sessions table."`
	KeyPrefix    string `placeholder:"TEXT" help:"What the partition keys of sessions begin with, in a table shared with others."`
	PartitionKey string `placeholder:"NAME" default:"pk" help:"The table's partition key, if it is not pk."`
	SortKey      string `placeholder:"NAME" default:"sk" help:"The table's sort key, if it is not sk."`
	TTLAttribute string `placeholder:"NAME" default:"expires" name:"ttl-attribute" help:"The attribute that TTL is on, if it is not expires."`

	Region      string `placeholder:"NAME" help:"The AWS region; else AWS_REGION or the profile's."`
	Profile     string `placeholder:"NAME" help:"The profile of the AWS settings; else AWS_PROFILE."`
	EndpointURL string `placeholder:"URL" help:"Where DynamoDB answers, http://localhost:8000 for a DynamoDB Local; else AWS_ENDPOINT_URL_DYNAMODB."`
}

// words are the flags as they have to be typed once more.
func (f *tableFlags) words() []string {
	var words []string
	for _, w := range []struct{ flag, value, otherwise string }{
		{"table", f.Table, os.Getenv("SESSION_TABLE")},
		{"key-prefix", f.KeyPrefix, ""},
		{"partition-key", f.PartitionKey, "pk"},
		{"sort-key", f.SortKey, "sk"},
		{"ttl-attribute", f.TTLAttribute, "expires"},
		{"region", f.Region, ""},
		{"profile", f.Profile, ""},
		{"endpoint-url", f.EndpointURL, ""},
	} {
		if w.value != w.otherwise {
			words = append(words, quoted("--"+w.flag+"="+w.value))
		}
	}
	return words
}

// tableHelp is what the help of each command says that has these flags.
const tableHelp = `The AWS account is the one that other programs would take: by AWS_PROFILE,
AWS_REGION, AWS_ACCESS_KEY_ID and so on, and the files under ~/.aws. For a
DynamoDB Local, --endpoint-url http://localhost:8000 is enough.`

// sessionsTable is a table with sessions in it.
type sessionsTable struct {
	*dynamostore.Store
	name  string
	place string // the name, and where the table is, for messages
}

// Validate refuses what no table can be reached with.
func (f *tableFlags) Validate() error {
	if f.Table == "" {
		return errors.New("no table: name it with --table or SESSION_TABLE")
	}
	if f.EndpointURL != "" {
		if u, err := url.Parse(f.EndpointURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("--endpoint-url is %q: want a URL such as http://localhost:8000", f.EndpointURL)
		}
	}
	if _, err := dynamostore.New(dynamodb.New(dynamodb.Options{}), f.config()); err != nil {
		return errors.New(settingNames.Replace(err.Error()))
	}
	return nil
}

// settingNames are what a store's settings are called here.
var settingNames = strings.NewReplacer(
	"dynamostore: ", "",
	"Config.Table", "--table",
	"Config.KeyPrefix", "--key-prefix",
	"Config.PartitionKey", "--partition-key",
	"Config.SortKey", "--sort-key",
	"Config.TTLAttribute", "--ttl-attribute",
)

func (f *tableFlags) config() dynamostore.Config {
	return dynamostore.Config{
		Table:        f.Table,
		PartitionKey: f.PartitionKey,
		SortKey:      f.SortKey,
		TTLAttribute: f.TTLAttribute,
		KeyPrefix:    f.KeyPrefix,
		Timeout:      requestTimeout,
	}
}

// open makes no request to DynamoDB, but to whoever has the credentials.
func (f *tableFlags) open(ctx context.Context) (*sessionsTable, error) {
	client, err := f.client(ctx)
	if err != nil {
		return nil, err
	}
	store, err := dynamostore.New(client, f.config())
	if err != nil {
		return nil, err
	}
	place := fmt.Sprintf("table %s in %s", f.Table, client.Options().Region)
	if endpoint := client.Options().BaseEndpoint; endpoint != nil {
		place = fmt.Sprintf("table %s at %s", f.Table, *endpoint)
	}
	return &sessionsTable{store, f.Table, place}, nil
}

func (f *tableFlags) client(ctx context.Context) (*dynamodb.Client, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(f.Region), // an empty one is none
		config.WithSharedConfigProfile(f.Profile),
		config.WithLogger(logging.Nop{}), // what fails is an error, too
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("reading the AWS settings: %w", err)
	}
	client := f.clientOf(cfg)
	if isLoopback(client.Options().BaseEndpoint) {
		// A DynamoDB Local asks for some credentials, and for none in particular.
		// Nobody waits for those of the machine, as EC2 has them.
		cfg, err = config.LoadDefaultConfig(ctx, append(options, config.WithEC2IMDSClientEnableState(imds.ClientDisabled))...)
		if err != nil {
			return nil, fmt.Errorf("reading the AWS settings: %w", err)
		}
		if cfg.Region == "" {
			cfg.Region = "us-east-1"
		}
		if err := retrieve(ctx, cfg, localCredentialsTimeout); err != nil {
			cfg.Credentials = aws.CredentialsProviderFunc(madeUp)
		}
		return f.clientOf(cfg), nil
	}
	if cfg.Region == "" {
		return nil, errors.New("no AWS region: set --region or AWS_REGION, or --profile to one that has a region; a DynamoDB Local is --endpoint-url http://localhost:8000")
	}
	if err := retrieve(ctx, cfg, credentialsTimeout); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("no AWS credentials: set --profile or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a DynamoDB Local is --endpoint-url http://localhost:8000 (%w)", err)
	}
	return client, nil
}

func (f *tableFlags) clientOf(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		if f.EndpointURL != "" {
			o.BaseEndpoint = aws.String(f.EndpointURL)
		}
	})
}

// retrieve gets the credentials, which cfg then has.
func retrieve(ctx context.Context, cfg aws.Config, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := cfg.Credentials.Retrieve(ctx)
	return err
}

func madeUp(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "lambdasession"}, nil
}

// isLoopback reports whether the endpoint is on this machine.
func isLoopback(endpoint *string) bool {
	if endpoint == nil {
		return false
	}
	u, err := url.Parse(*endpoint)
	if err != nil {
		return false
	}
	return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
}
