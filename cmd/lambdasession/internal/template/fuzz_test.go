package template

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever the file, there is a template or an error.
func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range append(seeds, filepath.Join("..", "..", "..", "..", "template.yaml")) {
		text, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(shop)
	f.Add("Resources: {A: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [*a, {AttributeName: {Ref: [x]}}]}}}")
	f.Add(shop + "      Environment: {Variables: {A: !Sub [], B: !GetAtt, C: {Fn::Sub: {x: y}}, D: !Sub ['${A}', {A: !Sub '${!B'}]}}\n")
	f.Add(shop + "      Environment: {Variables: {A: !If [C], B: !If x, C: !If [D, !If [C, a, b], c], D: !Join [], E: !Select [9, []], F: !FindInMap [a, b, c]}}\nConditions: {C: !And [!Condition D, !Or []], D: !Not [Condition: C], E: !Equals [!Ref P, {Condition: 1}]}\n")
	f.Add(shop + "      FunctionUrlConfig: !If [A, {}, {InvokeMode: !Ref A}]\n      Events: {A: {Type: Api, Properties: {Path: '/{+}', Method: x}}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parse("template.yaml", "testdata", []byte(text), map[string]string{"Stage": "x"})
		if (got == nil) == (err == nil) {
			t.Errorf("template %v, error %v", got, err)
		}
	})
}
