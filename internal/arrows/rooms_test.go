package arrows

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

	// everyTest is what any test may import.
	everyTest = []string{rapid, goleak, cmp}
)

// rooms is the layering, from the bottom up. A folder that is in none of them
// fails the test: give it a row, and with it its rule.
var rooms = []room{
	{path: "store"},
	{path: "store/storetest", may: []string{"store", rapid, cmp}, tests: []string{"memstore"}},
	{path: "memstore", may: []string{"store"}, tests: []string{"store/storetest"}},
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
		path: "cmd/lambdasession",
		may:  allow(dynamodb, config, kong, yaml, "store", "memstore", "dynamostore", "lambdasession", "localtest"),
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
	"github.com/alecthomas/kong":                    "the command's flags",
	"go.yaml.in/yaml/v3":                            "the templates that the command reads",
	"pgregory.net/rapid":                            "storetest's state machine",
	"github.com/google/go-cmp":                      "what tests show as a difference",
	"go.uber.org/goleak":                            "what tests show as a leak",
}

func allow(packages []string, more ...string) []string {
	return append(more, packages...)
}
