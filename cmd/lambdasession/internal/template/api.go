package template

import (
	"cmp"

	"go.yaml.in/yaml/v3"
)

const (
	httpAPIType = "AWS::Serverless::HttpApi"
	restAPIType = "AWS::Serverless::Api"

	// What SAM calls the APIs that it makes for events that name none.
	implicitHTTPAPI = "ServerlessHttpApi"
	implicitRESTAPI = "ServerlessRestApi"
)

// api is an API that events may name.
type api struct {
	kind  string
	stage string
}

func (r *reader) api(id *yaml.Node, kind string, properties *yaml.Node) api {
	stage := r.string(properties, "StageName")
	if stage == "" && kind == restAPIType {
		r.note(id, "%s has no StageName, which sam refuses: it is Prod here", id.Value)
		return api{kind, "Prod"}
	}
	return api{kind, cmp.Or(stage, "$default")}
}

// noteAPI looks at the properties of an API. Its routes come from the functions'
// events; what would change its answers is noted.
func (r *reader) noteAPI(kind string, properties *yaml.Node) {
	what := "an HTTP API"
	if kind == restAPIType {
		what = "a REST API"
	}
	for name := range entries(properties) {
		switch name.Value {
		case "Auth", "Cors", "CorsConfiguration", "DefinitionBody", "DefinitionUri", "DisableExecuteApiEndpoint",
			"GatewayResponses", "StageVariables", "Variables":
			r.note(name, "%s of %s is not applied here", name.Value, what)
		}
	}
}
