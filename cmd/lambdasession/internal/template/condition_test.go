package template

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSwitches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		parameters map[string]string
		timeout    time.Duration
		logFormat  string
		env        map[string]string
		tables     []string
		notes      []string
	}{
		{
			"defaults decide what nobody gives", nil, 10 * time.Second, "Text",
			map[string]string{
				"MODE": "idle", "CACHE": "10", "NAMES": "a+b", "WORKERS": "4",
				"ORIGIN": "https://b.example", "HOSTS": "a.example",
			},
			[]string{"Sessions"},
			[]string{"line 40: Backups is not made: its condition IsProduction does not hold"},
		},
		{
			"what is given decides",
			map[string]string{"Stage": "production", "SigningKeys": "arn:keys", "Workers": "9"},
			30 * time.Second, "JSON",
			map[string]string{
				"MODE": "careful", "CACHE": "1000", "NAMES": "c", "WORKERS": "9",
				"ORIGIN": "https://b.example", "HOSTS": "a.example x",
			},
			[]string{"Sessions", "Backups"},
			[]string{"line 29: KEYS of Shop is not set: only CloudFormation resolves {{resolve:secretsmanager:arn:keys}}; --env KEYS=VALUE sets it"},
		},
		{
			"one of several conditions is enough",
			map[string]string{"Alarms": "true"},
			10 * time.Second, "JSON",
			map[string]string{
				"MODE": "idle", "CACHE": "10", "NAMES": "a+b", "WORKERS": "4",
				"ORIGIN": "https://b.example", "HOSTS": "a.example",
			},
			[]string{"Sessions"},
			[]string{"line 40: Backups is not made: its condition IsProduction does not hold"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Read(filepath.Join("testdata", "switches.yaml"), c.parameters)
			if err != nil {
				t.Fatal(err)
			}
			shop := got.Functions[0]
			if shop.Timeout != c.timeout || shop.LogFormat != c.logFormat {
				t.Errorf("timeout %v, log format %q", shop.Timeout, shop.LogFormat)
			}
			if diff := cmp.Diff(c.env, shop.Env); diff != "" {
				t.Errorf("environment (-want +got):\n%s", diff)
			}
			var tables, notes []string
			for _, table := range got.Tables {
				tables = append(tables, table.ID)
			}
			for _, n := range got.Notes {
				notes = append(notes, n.String())
			}
			if diff := cmp.Diff(c.tables, tables); diff != "" {
				t.Errorf("tables (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		parameters map[string]string
		want       string
	}{
		{"a parameter that is not there", map[string]string{"Stge": "test"}, "--parameter Stge: the template has Alarms, Image, Origins, SigningKeys, Stage, Workers"},
		{"a value that is not allowed", map[string]string{"Stage": "prod"}, `switches.yaml:4: the parameter Stage is "prod", want one of its AllowedValues: test, production`},
		{"a number that is none", map[string]string{"Workers": "many"}, `switches.yaml:9: the parameter Workers is "many", want a number`},
		{"a number that is too small", map[string]string{"Workers": "0"}, `switches.yaml:9: the parameter Workers is 0, want at least its MinValue: 1`},
		{"a number that is too large", map[string]string{"Workers": "16.5"}, `switches.yaml:9: the parameter Workers is 16.5, want at most its MaxValue: 16`},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			t.Parallel()
			want := c.want
			if want[0] != '-' {
				want = filepath.Join("testdata", want)
			}
			_, err := Read(filepath.Join("testdata", "switches.yaml"), c.parameters)
			if err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}

	t.Run("a template without parameters says so", func(t *testing.T) {
		t.Parallel()
		_, err := parse("template.yaml", "testdata", []byte(shop), map[string]string{"Stage": "x"})
		if want := "--parameter Stage: the template has no parameters"; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
}

func TestConditionsThatCannotBeTold(t *testing.T) {
	t.Parallel()
	const conditions = `Parameters:
  P: {Type: String}
Conditions:
  Known: !Equals [a, a]
  Unset: !Equals [!Ref P, a]
  Either: !Or [!Condition Unset, !Condition Known]
  Both: !And [!Condition Unset, !Not [!Condition Known]]
  Circle: !Not [!Condition Square]
  Square: !Not [!Condition Circle]
  Foreign: !Fn::Contains [[a], a]
  Plain: true
  Few: !Equals [a]
`
	withConditions := conditions + shop // 18 lines
	variable := func(v string) string { return "      Environment: {Variables: {X: " + v + "}}\n" }
	unset := func(why string) string { return "line 19: X of Shop is not set: " + why + "; --env X=VALUE sets it" }
	for _, c := range []struct{ name, yaml, want string }{
		{"for want of a parameter", variable("!If [Unset, a, b]"), unset("the condition Unset cannot be told: the parameter P has no Default, and no --parameter gives it a value")},
		{"for going in a circle", variable("!If [Circle, a, b]"), unset("the condition Circle cannot be told: the condition Square cannot be told: the condition Circle refers to itself")},
		{"since it is not there", variable("!If [Nowhere, a, b]"), unset(`there is no condition "Nowhere"`)},
		{"since it asks what is not known here", variable("!If [Foreign, a, b]"), unset("the condition Foreign cannot be told: line 10: !Fn::Contains of 2 values is not understood here")},
		{"since it is none", variable("!If [Plain, a, b]"), unset("the condition Plain cannot be told: line 11: want !Equals, !Not, !And, !Or or !Condition")},
		{"since it lacks a value", variable("!If [Few, a, b]"), unset("the condition Few cannot be told: line 12: !Equals of 1 values is not understood here")},
		{"since the choice is none", variable("!If [Known, a]"), unset("!If wants a condition and two values")},
		{"for a section", "      Events: !If [Unset, {}, {}]\n", "line 19: Events of Shop is not applied here: the condition Unset cannot be told: the parameter P has no Default, and no --parameter gives it a value"},
		{"for a resource", "  T:\n    Type: AWS::DynamoDB::Table\n    Condition: Unset\n    Properties: {KeySchema: [{AttributeName: a, KeyType: HASH}], AttributeDefinitions: [{AttributeName: a, AttributeType: S}]}\n", "line 21: T is made here: the condition Unset cannot be told: the parameter P has no Default, and no --parameter gives it a value"},
	} {
		t.Run("one that cannot be told "+c.name+" is noted", func(t *testing.T) {
			t.Parallel()
			got, err := parseHere(t, withConditions+c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Notes) != 1 || got.Notes[0].String() != c.want {
				t.Errorf("notes are %v\nwant %s", got.Notes, c.want)
			}
		})
	}

	t.Run("one that decides does so beside others that cannot be told", func(t *testing.T) {
		t.Parallel()
		got, err := parseHere(t, withConditions+variable("!Sub ['${A} ${B}', {A: !If [Either, yes, no], B: !If [Both, yes, no]}]"))
		if err != nil {
			t.Fatal(err)
		}
		if got.Functions[0].Env["X"] != "yes no" {
			t.Errorf("X is %q, notes %v", got.Functions[0].Env["X"], got.Notes)
		}
	})

	t.Run("conditions on conditions are told once each", func(t *testing.T) {
		t.Parallel()
		// Told anew each time, they would take 2^60 steps.
		text := "Conditions:\n  C0: !Equals [a, a]\n"
		for i := 1; i <= 60; i++ {
			text += fmt.Sprintf("  C%d: !And [!Condition C%d, !Condition C%d]\n", i, i-1, i-1)
		}
		got, err := parseHere(t, text+shop+variable("!If [C60, yes, no]"))
		if err != nil || got.Functions[0].Env["X"] != "yes" {
			t.Errorf("got %v, error %v", got, err)
		}
	})
}
