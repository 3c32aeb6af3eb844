package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each line of the README that chooses a store compiles.
func TestStoresOfTheREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(match(t, string(readme), "(?s)```go\n(store, err := .*?)```")[1]), "\n")
	if len(lines) != 4 {
		t.Fatalf("the README chooses among %d stores, want 4", len(lines))
	}
	source := `package stores

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

var (
	cfg     aws.Config
	address string
	keys    [][]byte
	another store.Store
)
`
	for i, line := range lines {
		source += fmt.Sprintf("\nfunc choose%d() (lambdasession.Config, error) {\n\t%s\n\treturn lambdasession.Config{Store: store}, err\n}\n", i, line)
	}
	redisstore, err := filepath.Abs(filepath.Join(root, "redisstore"))
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/lambdasession/lambdasession-go/redisstore"
	inEmptyModule(t, map[string]string{
		"stores.go": source,
		"go.mod": "module example.com/stores\n\ngo 1.26.0\n\nrequire " + module + " v0.0.0\n\n" +
			"replace " + module + " => " + redisstore + "\n",
	}, []string{"vet", "."})
}
