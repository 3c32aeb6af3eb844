package deploy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// onEachStack runs a test on what each environment deploys.
func onEachStack(t *testing.T, test func(t *testing.T, environment string, s *stack)) {
	t.Helper()
	for environment, s := range built.stacks {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			test(t, environment, s)
		})
	}
}

func TestTheTableIsWhatTheStoreNeeds(t *testing.T) {
	t.Parallel()
	onEachStack(t, func(t *testing.T, environment string, s *stack) {
		client := dynamodb.NewFromConfig(built.cloud.admin)
		name := s.resources["SessionsTable"].id
		store, err := dynamostore.New(client, dynamostore.Config{Table: name})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Check(t.Context()); err != nil {
			t.Errorf("its keys, or its TTL: %v", err)
		}
		described, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(name)})
		if err != nil {
			t.Fatal(err)
		}
		table := described.Table
		if mode := table.BillingModeSummary.BillingMode; mode != types.BillingModePayPerRequest {
			t.Errorf("it is billed by %s, want by request", mode)
		}
		if table.SSEDescription == nil || table.SSEDescription.Status != types.SSEStatusEnabled {
			t.Errorf("its encryption is %+v, want enabled", table.SSEDescription)
		}
		if got, want := aws.ToBool(table.DeletionProtectionEnabled), environment == inProduction; got != want {
			t.Errorf("protected from being deleted: %t, want %t", got, want)
		}
		backups, err := client.DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String(name)})
		if err != nil {
			t.Fatal(err)
		}
		if status := backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus; status != types.PointInTimeRecoveryStatusEnabled {
			t.Errorf("point-in-time recovery is %s, want enabled", status)
		}
	})
}

// told is what Lambda is told of a function.
type told struct {
	Handler, Runtime, LogFormat, LogGroup, Tracing string
	Architectures                                  []lambdatypes.Architecture
	MemoryMB, Timeout                              int32
	Env                                            map[string]string
}

func TestAFunctionIsToldWhatItNeeds(t *testing.T) {
	t.Parallel()
	onEachStack(t, func(t *testing.T, environment string, s *stack) {
		keys := map[string]string{byDefault: "", inProduction: built.secret}[environment]
		for _, id := range functions() {
			c := s.functions[id].config
			got := told{
				Handler: aws.ToString(c.Handler), Runtime: string(c.Runtime),
				LogFormat: string(c.LoggingConfig.LogFormat), LogGroup: aws.ToString(c.LoggingConfig.LogGroup),
				Tracing: string(c.TracingConfig.Mode), Architectures: c.Architectures,
				MemoryMB: aws.ToInt32(c.MemorySize), Timeout: aws.ToInt32(c.Timeout), Env: c.Environment.Variables,
			}
			want := told{
				Handler: "bootstrap", Runtime: "provided.al2023",
				LogFormat: "JSON", LogGroup: s.resources[strings.TrimSuffix(id, "Function")+"Log"].id,
				Tracing: "Active", Architectures: []lambdatypes.Architecture{lambdatypes.Architecture(thisArchitecture())},
				MemoryMB: 512, Timeout: 10,
				Env: map[string]string{
					"SESSION_STORE":            "dynamodb",
					"SESSION_TABLE":            s.resources["SessionsTable"].id,
					"SESSION_IDLE_TIMEOUT":     "30m",
					"SESSION_ABSOLUTE_TIMEOUT": "12h",
					"SESSION_KEYS_SECRET":      keys,
				},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", id, diff)
			}
		}
	})
}

func TestARoleIsForItsFunctionTableAndKeysAlone(t *testing.T) {
	t.Parallel()
	roles := iam.NewFromConfig(built.cloud.admin)
	s := built.stacks[byDefault]
	table := "arn:aws:dynamodb:us-east-1:123456789012:table/" + s.resources["SessionsTable"].id
	taken := map[string]string{}
	for _, id := range functions() {
		f := s.functions[id]
		if other := taken[f.role]; other != "" {
			t.Errorf("%s and %s share the role %s", id, other, f.role)
		}
		taken[f.role] = id
		_, p, err := f.policy(t.Context(), roles)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Statement) != 1 {
			t.Errorf("%s has %d statements, want the table's alone, since there are no signing keys: %+v", id, len(p.Statement), p)
		}
		for _, st := range p.Statement {
			if st.Effect != "Allow" || !slices.Equal(st.Resource, oneOrMore{table}) {
				t.Errorf("%s: %s on %v, want Allow on the sessions table alone", id, st.Effect, st.Resource)
			}
		}
		for _, action := range p.actions() {
			if strings.ContainsAny(action, "*?") || action == "dynamodb:Scan" {
				t.Errorf("%s may do %s", id, action)
			}
		}
		// The two that SAM gives each function: to log, and to be traced.
		attached, err := roles.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: aws.String(f.role)})
		if err != nil {
			t.Fatal(err)
		}
		var managed []string
		for _, a := range attached.AttachedPolicies {
			managed = append(managed, aws.ToString(a.PolicyName))
		}
		slices.Sort(managed)
		if diff := cmp.Diff([]string{"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}, managed); diff != "" {
			t.Errorf("%s, the policies of AWS (-want +got):\n%s", id, diff)
		}
	}
}

func TestLogsAreKeptAsLongAsTheParameterSays(t *testing.T) {
	t.Parallel()
	var logs struct {
		LogGroups []struct {
			LogGroupName    string
			RetentionInDays int
		}
	}
	built.cloud.call(t, "logs", "Logs_20140328.DescribeLogGroups", &logs)
	kept := map[string]int{}
	for _, group := range logs.LogGroups {
		kept[group.LogGroupName] = group.RetentionInDays
	}
	onEachStack(t, func(t *testing.T, environment string, s *stack) {
		want := map[string]int{byDefault: 30, inProduction: 90}[environment]
		for _, id := range functions() {
			if days := kept[s.resources[strings.TrimSuffix(id, "Function")+"Log"].id]; days != want {
				t.Errorf("the logs of %s are kept for %d days, want %d", id, days, want)
			}
		}
	})
}

func TestAlarmsAreThereOnceSwitchedOn(t *testing.T) {
	t.Parallel()
	var described struct {
		MetricAlarms []struct {
			AlarmName        string
			AlarmDescription string
			AlarmActions     []string
		}
	}
	built.cloud.call(t, "monitoring", "GraniteServiceVersion20100801.DescribeAlarms", &described)
	actions := map[string][]string{}
	for _, alarm := range described.MetricAlarms {
		actions[alarm.AlarmName] = alarm.AlarmActions
		if alarm.AlarmDescription == "" {
			t.Errorf("the alarm %s does not say what it means", alarm.AlarmName)
		}
	}
	onEachStack(t, func(t *testing.T, environment string, s *stack) {
		var alarms []string
		for name, r := range s.resources {
			if r.kind == "AWS::CloudWatch::Alarm" {
				alarms = append(alarms, name)
				if diff := cmp.Diff([]string{built.topic}, actions[r.id]); diff != "" {
					t.Errorf("%s goes to (-want +got):\n%s", name, diff)
				}
			}
		}
		slices.Sort(alarms)
		want := map[string][]string{
			inProduction: {"DurationAlarm", "ErrorsAlarm", "ServerErrorsAlarm", "TableThrottlesAlarm", "ThrottlesAlarm"},
		}[environment]
		if diff := cmp.Diff(want, alarms); diff != "" {
			t.Errorf("alarms (-want +got):\n%s", diff)
		}
	})
}

func TestTheOutputsSayWhereEverythingIs(t *testing.T) {
	t.Parallel()
	onEachStack(t, func(t *testing.T, _ string, s *stack) {
		api := func(name string) string {
			return "https://" + s.resources[name].id + ".execute-api.us-east-1.amazonaws.com/"
		}
		url := s.reportURL
		if url.AuthType != lambdatypes.FunctionUrlAuthTypeNone || url.InvokeMode != lambdatypes.InvokeModeResponseStream {
			t.Errorf("the report's URL is %s, %s; want for everybody, and streaming", url.AuthType, url.InvokeMode)
		}
		want := map[string]string{
			"ShopUrl":       api("ServerlessHttpApi"),
			"CartApiUrl":    api("ServerlessHttpApi") + "api/cart",
			"ReportUrl":     strings.TrimSuffix(aws.ToString(url.FunctionUrl), "/") + "/",
			"LegacyUrl":     api("ServerlessRestApi") + "Prod/legacy/preferences",
			"SessionsTable": s.resources["SessionsTable"].id,
		}
		if diff := cmp.Diff(want, s.outputs); diff != "" {
			t.Errorf("outputs (-want +got):\n%s", diff)
		}
	})
}

// TestEveryParameterOfSamconfigIsOneOfTheTemplate would else show only at the next
// deployment.
func TestEveryParameterOfSamconfigIsOneOfTheTemplate(t *testing.T) {
	t.Parallel()
	given, err := samconfigParameters(root+"/samconfig.toml", inProduction)
	if err != nil {
		t.Fatal(err)
	}
	translated, err := translate(t.Context(), built.folder+"/template.yaml", given)
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile(`(?s)"Parameters": \{.*?\n \}`).FindString(translated)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !strings.Contains(section, fmt.Sprintf("%q: {", name)) {
			t.Errorf("samconfig.toml gives the parameter %s, which the template does not have", name)
		}
	}
}
