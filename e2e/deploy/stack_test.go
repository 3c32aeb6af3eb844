package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stack is a deployment.
type stack struct {
	resources map[string]resource // by their names in the template
	outputs   map[string]string
	functions map[string]*deployedFunction // by their names in the template
	reportURL *lambda.GetFunctionUrlConfigOutput
}

type resource struct{ kind, id string }

// deployedFunction is a function as Lambda has it.
type deployedFunction struct {
	config      *lambda.GetFunctionConfigurationOutput
	role        string // its name
	credentials aws.Credentials
}

// functions are those of the template.
func functions() []string {
	return []string{"ApiFunction", "LegacyFunction", "ReportFunction", "ShopFunction"}
}

// deploy deploys a built template and assumes the roles of its functions, as
// Lambda will, and nobody else may.
func (c *cloud) deploy(ctx context.Context, name, template string, parameters map[string]string) (*stack, error) {
	translated, err := translate(ctx, template, parameters)
	if err != nil {
		return nil, err
	}
	client := cloudformation.NewFromConfig(c.admin)
	input := &cloudformation.CreateStackInput{
		StackName:    aws.String(name),
		TemplateBody: aws.String(translated),
		Capabilities: []types.Capability{types.CapabilityCapabilityIam},
	}
	for name, value := range parameters {
		input.Parameters = append(input.Parameters, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(value)})
	}
	if _, err := client.CreateStack(ctx, input); err != nil {
		return nil, fmt.Errorf("%w\nmoto says\n%s", err, c.complaints())
	}
	s, err := readStack(ctx, client, name)
	if err != nil {
		return nil, err
	}
	for _, id := range functions() {
		f, err := c.readFunction(ctx, s.resources[id].id)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		s.functions[id] = f
	}
	s.reportURL, err = lambda.NewFromConfig(c.admin).GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{
		FunctionName: s.functions["ReportFunction"].config.FunctionName,
	})
	return s, err
}

func readStack(ctx context.Context, client *cloudformation.Client, name string) (*stack, error) {
	s := &stack{resources: map[string]resource{}, outputs: map[string]string{}, functions: map[string]*deployedFunction{}}
	described, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(name)})
	if err != nil {
		return nil, err
	}
	made := described.Stacks[0]
	if made.StackStatus != types.StackStatusCreateComplete {
		return nil, fmt.Errorf("the stack is %s: %s", made.StackStatus, aws.ToString(made.StackStatusReason))
	}
	for _, output := range made.Outputs {
		s.outputs[aws.ToString(output.OutputKey)] = aws.ToString(output.OutputValue)
	}
	resources, err := client.DescribeStackResources(ctx, &cloudformation.DescribeStackResourcesInput{StackName: aws.String(name)})
	if err != nil {
		return nil, err
	}
	for _, r := range resources.StackResources {
		s.resources[aws.ToString(r.LogicalResourceId)] = resource{aws.ToString(r.ResourceType), aws.ToString(r.PhysicalResourceId)}
	}
	return s, nil
}

func (c *cloud) readFunction(ctx context.Context, name string) (*deployedFunction, error) {
	config, err := lambda.NewFromConfig(c.admin).GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(name)})
	if err != nil {
		return nil, err
	}
	assumed, err := sts.NewFromConfig(c.admin).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: config.Role, RoleSessionName: aws.String("lambda"),
	})
	if err != nil {
		return nil, err
	}
	return &deployedFunction{
		config: config,
		role:   aws.ToString(config.Role)[strings.LastIndex(aws.ToString(config.Role), "/")+1:],
		credentials: aws.Credentials{
			AccessKeyID:     aws.ToString(assumed.Credentials.AccessKeyId),
			SecretAccessKey: aws.ToString(assumed.Credentials.SecretAccessKey),
			SessionToken:    aws.ToString(assumed.Credentials.SessionToken),
		},
	}, nil
}

// policy is what a role may do.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Effect   string
	Action   oneOrMore
	Resource oneOrMore
}

// oneOrMore is a string or a list of them, which IAM takes for the same.
type oneOrMore []string

func (s *oneOrMore) UnmarshalJSON(text []byte) error {
	var one string
	if err := json.Unmarshal(text, &one); err == nil {
		*s = oneOrMore{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(s))
}

// without returns the policy but for one action.
func (p policy) without(action string) policy {
	left := policy{Version: p.Version}
	for _, s := range p.Statement {
		s.Action = slices.DeleteFunc(slices.Clone(s.Action), func(a string) bool { return a == action })
		if len(s.Action) > 0 {
			left.Statement = append(left.Statement, s)
		}
	}
	return left
}

// actions are all that the policy allows, sorted.
func (p policy) actions() []string {
	var all []string
	for _, s := range p.Statement {
		all = append(all, s.Action...)
	}
	slices.Sort(all)
	return all
}

// policy returns the one policy that is a role's own, and its name.
func (f *deployedFunction) policy(ctx context.Context, roles *iam.Client) (string, policy, error) {
	listed, err := roles.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: aws.String(f.role)})
	if err != nil {
		return "", policy{}, err
	}
	if len(listed.PolicyNames) != 1 {
		return "", policy{}, fmt.Errorf("the role %s has the policies %v, want one", f.role, listed.PolicyNames)
	}
	name := listed.PolicyNames[0]
	got, err := roles.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(f.role), PolicyName: aws.String(name)})
	if err != nil {
		return "", policy{}, err
	}
	text, err := url.QueryUnescape(aws.ToString(got.PolicyDocument))
	if err != nil {
		return "", policy{}, err
	}
	var p policy
	err = json.Unmarshal([]byte(text), &p)
	return name, p, err
}

// setPolicy makes p the role's policy of that name, until the test is over.
func (f *deployedFunction) setPolicy(t *testing.T, roles *iam.Client, name string, p policy) {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := roles.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(f.role), PolicyName: aws.String(name), PolicyDocument: aws.String(string(text)),
	}); err != nil {
		t.Fatal(err)
	}
}
