package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

func TestFindTemplate(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	touch := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("where none is, the error says what was looked for and which flag helps", func(t *testing.T) {
		want := "no template in " + dir + ": looked for template.yaml, template.yml, template.json; --template FILE names another"
		if _, err := findTemplate(""); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
	t.Run("one that was asked for and is missing is named", func(t *testing.T) {
		want := "there is no template at other.yaml (--template)"
		if _, err := findTemplate("other.yaml"); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
	t.Run("the one that is here is found", func(t *testing.T) {
		touch("template.yml")
		if got, err := findTemplate(""); err != nil || got != "template.yml" {
			t.Errorf("got %q, error %v", got, err)
		}
	})
	t.Run("the one that was asked for goes first", func(t *testing.T) {
		touch("other.yaml")
		if got, err := findTemplate("other.yaml"); err != nil || got != "other.yaml" {
			t.Errorf("got %q, error %v", got, err)
		}
	})
}

func TestChoose(t *testing.T) {
	t.Parallel()
	shop := template.Function{ID: "Shop", Routes: []template.Route{{Service: template.HTTPAPI, Line: 3}}}
	admin := template.Function{ID: "Admin", Routes: []template.Route{{Service: template.REST, Method: "ANY", Path: "/admin"}}}
	report := template.Function{ID: "Report", Routes: []template.Route{{Service: template.FunctionURL}}}
	blog := template.Function{ID: "Blog", Routes: []template.Route{{Service: template.HTTPAPI, Line: 12}}}
	nightly := template.Function{ID: "Nightly"}
	for _, c := range []struct {
		name      string
		functions []template.Function
		asked     []string
		want      []template.Function
		err       string
	}{
		{"all functions run", []template.Function{shop, admin}, nil, []template.Function{shop, admin}, ""},
		{"those that were asked for run alone", []template.Function{shop, admin}, []string{"Admin"}, []template.Function{admin}, ""},
		{"one that is not there is named, and those that are", []template.Function{shop, admin}, []string{"Shop", "Cart"}, nil, "--function Cart: the template has Shop, Admin"},
		{"two functions with one route are an error", []template.Function{shop, blog}, nil, nil, "line 12: Blog has the route $default, which Shop has already at line 3: run one of them with --function"},
		{"one of two functions with one route may run", []template.Function{shop, blog}, []string{"Blog"}, []template.Function{blog}, ""},
		{"a function URL is enough", []template.Function{nightly, report}, nil, []template.Function{nightly, report}, ""},
		{"function URLs do not get in the way of routes", []template.Function{shop, report}, nil, []template.Function{shop, report}, ""},
		{"functions that nobody can ask over HTTP are of no use", []template.Function{nightly}, nil, nil, "none of the functions answers HTTP requests: give one an event of Type HttpApi or Api, or a FunctionUrlConfig"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := choose(c.functions, c.asked)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if message := errorText(err); message != c.err {
				t.Errorf("error %q, want %q", message, c.err)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
