package arrows

import "slices"

// A room is a folder of the module with its rule. The folders below it belong
// to it, unless they are rooms themselves.
type room struct {
	path  string
	may   []string // what it may import: rooms, and packages of other modules
	tests []string // what its tests may import besides
}

// A package of another module is named by its path, or with those below it by
// "path/...", as the go command does. The standard library is always allowed.
const (
	events = "github.com/aws/aws-lambda-go/events"
	lambda = "github.com/aws/aws-lambda-go/..."
	config = "github.com/aws/aws-sdk-go-v2/config/..."
	kong   = "github.com/alecthomas/kong/..."
	yaml   = "go.yaml.in/yaml/v3/..."
	rapid  = "pgregory.net/rapid/..."
	goleak = "go.uber.org/goleak/..."
	notify = "github.com/fsnotify/fsnotify/..."
	unix   = "golang.org/x/sys/..." // what fsnotify is made of
	cmp    = "github.com/google/go-cmp/..."
)

var (
	// dynamodb is the client of DynamoDB with what it is made of. It leaves out
	// config, which looks for credentials and regions: that is the caller's.
	dynamodb = []string{
		"github.com/aws/aws-sdk-go-v2/aws/...",
		"github.com/aws/aws-sdk-go-v2/internal/...",
		"github.com/aws/aws-sdk-go-v2/service/dynamodb/...",
		"github.com/aws/aws-sdk-go-v2/service/internal/...",
		"github.com/aws/smithy-go/...",
	}

	// account is what finds credentials and regions, with the services that it
	// asks for them.
	account = []string{
		config,
		"github.com/aws/aws-sdk-go-v2/credentials/...",
		"github.com/aws/aws-sdk-go-v2/feature/ec2/imds/...",
		"github.com/aws/aws-sdk-go-v2/service/signin/...",
		"github.com/aws/aws-sdk-go-v2/service/sso/...",
		"github.com/aws/aws-sdk-go-v2/service/ssooidc/...",
		"github.com/aws/aws-sdk-go-v2/service/sts/...",
	}

	// everyTest is what any test may import.
	everyTest = []string{rapid, goleak, cmp}
)

// rooms is the layering, from the bottom up. A folder that is in none of them
// fails the test: give it a row, and with it its rule.
var rooms = []room{
	{path: "store"},
	{path: "store/storetest", may: []string{"store", rapid, cmp}, tests: []string{"memstore", "cookiestore"}},
	{path: "internal/seal"},
	{path: "internal/price"},
	{path: "memstore", may: []string{"store"}, tests: []string{"store/storetest"}},
	{
		path: "cookiestore", may: []string{"store", "internal/seal"},
		tests: []string{"store/storetest", "lambdasession", "localtest", events},
	},
	{
		path: "sealedstore", may: []string{"store", "internal/seal"},
		tests: allow(dynamodb, "store/storetest", "memstore", "cookiestore", "dynamostore", "lambdasession", "localtest", events),
	},
	{
		path: "dynamostore", may: allow(dynamodb, "store"),
		tests: []string{"store/storetest", "localtest", config},
	},
	{
		path: "lambdasession", may: []string{"store", events},
		tests: allow(dynamodb, lambda, "store/storetest", "memstore", "dynamostore", "localtest"),
	},
	{path: "lambdasession/sessiontest", may: []string{"lambdasession", "memstore", "store"}},
	{
		path: "localtest", may: allow(dynamodb, lambda, "store", "dynamostore"),
		tests: []string{"lambdasession", "memstore"},
	},
	{
		path:  "cmd/lambdasession",
		may:   allow(slices.Concat(dynamodb, account), kong, yaml, notify, unix, "store", "memstore", "dynamostore", "lambdasession", "localtest", "internal/price"),
		tests: []string{lambda},
	},
	{path: "internal/arrows"},
}

// requirements is what the root's go.mod may name, and for what. Whoever uses
// the library inherits each of them.
var requirements = map[string]string{
	"github.com/aws/aws-lambda-go":                  "the events that handlers take",
	"github.com/aws/aws-sdk-go-v2":                  "types of the DynamoDB client",
	"github.com/aws/aws-sdk-go-v2/service/dynamodb": "the DynamoDB client",
	"github.com/aws/smithy-go":                      "errors and middleware of the DynamoDB client",
	"github.com/aws/aws-sdk-go-v2/config":           "the command's credentials and region",
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds": "the command's way not to wait for EC2's credentials",
	"github.com/alecthomas/kong":                    "the command's flags",
	"go.yaml.in/yaml/v3":                            "the templates that the command reads",
	"github.com/fsnotify/fsnotify":                  "the command's watch for changed sources",
	"pgregory.net/rapid":                            "storetest's state machine",
	"github.com/google/go-cmp":                      "what tests show as a difference",
	"go.uber.org/goleak":                            "what tests show as a leak",
}

func allow(packages []string, more ...string) []string {
	return append(more, packages...)
}
