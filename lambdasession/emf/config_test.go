package emf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession/emf"
)

func TestAConfigurationThatCloudWatchWouldNotTakeIsRefused(t *testing.T) {
	t.Parallel()
	dimension := func(name, value string) emf.Config {
		return emf.Config{Dimensions: map[string]string{name: value}}
	}
	many := emf.Config{Dimensions: map[string]string{}}
	for i := range 30 {
		many.Dimensions[fmt.Sprintf("Name%d", i)] = "value"
	}
	for _, c := range []struct {
		what string
		cfg  emf.Config
		want []string // what the error says
	}{
		{"a namespace of AWS", emf.Config{Namespace: "AWS/Lambda"}, []string{"Namespace", "AWS/"}},
		{"a namespace with a colon first", emf.Config{Namespace: ":shop"}, []string{"Namespace", "':'"}},
		{"a namespace that is too long", emf.Config{Namespace: strings.Repeat("n", 256)}, []string{"Namespace", "255"}},
		{"a blank namespace", emf.Config{Namespace: " "}, []string{"Namespace"}},
		{"a namespace with a line break", emf.Config{Namespace: "a\nb"}, []string{"Namespace"}},
		{"a dimension without a name", dimension("", "shop"), []string{"Dimensions", "name"}},
		{"a dimension with a colon first", dimension(":a", "shop"), []string{"Dimensions", "':'"}},
		{"a dimension with a name that is too long", dimension(strings.Repeat("n", 256), "shop"), []string{"Dimensions", "255"}},
		{"a dimension without a value", dimension("Service", ""), []string{"Dimensions", `"Service"`}},
		{"a dimension with a value beyond ASCII", dimension("Service", "Läden"), []string{"Dimensions", "ASCII"}},
		{"a dimension with a value that is too long", dimension("Service", strings.Repeat("v", 1025)), []string{"Dimensions", "1024"}},
		{"the operation as a dimension", dimension("Operation", "load"), []string{"Dimensions", "another name"}},
		{"a metric as a dimension", dimension("Calls", "1"), []string{"Dimensions", "another name"}},
		{"too many dimensions", many, []string{"Dimensions", "31", "30"}},
		{"several mistakes", emf.Config{Namespace: ":", Dimensions: map[string]string{"_aws": ""}}, []string{"Namespace", "another name", "value"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			o, err := emf.New(c.cfg)
			if err == nil || o != nil {
				t.Fatalf("New returns %v and %v", o, err)
			}
			for _, words := range append(c.want, "emf.New") {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q does not say %s", err, words)
				}
			}
		})
	}
}

func TestAConfigurationUpToTheLimitsIsTaken(t *testing.T) {
	t.Parallel()
	cfg := emf.Config{Namespace: strings.Repeat("n", 255), Dimensions: map[string]string{
		strings.Repeat("d", 255): strings.Repeat("v", 1024),
	}}
	for i := range 28 {
		cfg.Dimensions[fmt.Sprintf("Name%d", i)] = "value"
	}
	if _, err := emf.New(cfg); err != nil {
		t.Error(err)
	}
}
