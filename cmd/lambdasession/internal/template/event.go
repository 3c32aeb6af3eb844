package template

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// event reads what invokes the function: APIs are served, anything else is noted.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
func (r *reader) event(f *Function, name, event *yaml.Node) {
	kind, properties := value(child(event, "Type")), child(event, "Properties")
	route := Route{Line: name.Line}
	var why string
	switch kind {
	case "HttpApi":
		route.Service, why = r.httpAPIService(properties)
		if why == "" {
			route.API, route.Stage, why = r.eventAPI(properties, "ApiId", httpAPIType, implicitHTTPAPI)
		}
	case "Api":
		route.Service, why = r.restAPIService(properties)
		if why == "" {
			route.API, route.Stage, why = r.eventAPI(properties, "RestApiId", restAPIType, implicitRESTAPI)
		}
	default:
		r.note(name, "the event %s (%s) of %s is not served here", name.Value, kind, f.ID)
		return
	}
	if why != "" {
		r.note(name, "the event %s of %s is not served here: %s", name.Value, f.ID, why)
		return
	}
	r.noteEvent(f, name, properties)
	if why := r.path(&route, properties); why != "" {
		r.problem(name, "the event %s of %s%s", name.Value, f.ID, why)
		return
	}
	f.Routes = append(f.Routes, route)
}

func (r *reader) httpAPIService(properties *yaml.Node) (s Service, why string) {
	switch version := r.string(properties, "PayloadFormatVersion"); version {
	case "", "2.0":
		return HTTPAPI, ""
	case "1.0":
		return HTTPAPI1, ""
	default:
		return 0, fmt.Sprintf("its PayloadFormatVersion is %s, there are 1.0 and 2.0", version)
	}
}

func (r *reader) restAPIService(properties *yaml.Node) (s Service, why string) {
	switch mode := r.string(properties, "ResponseTransferMode"); mode {
	case "", "BUFFERED":
		return REST, ""
	case "RESPONSE_STREAM":
		return RESTStreaming, ""
	default:
		return 0, fmt.Sprintf("its ResponseTransferMode is %s, there are BUFFERED and RESPONSE_STREAM", mode)
	}
}

// eventAPI is the API of an event, with its stage.
func (r *reader) eventAPI(properties *yaml.Node, property, kind, implicit string) (id, stage, why string) {
	id = implicit
	if n := child(properties, property); n != nil && !isNoValue(n) {
		function, arg := intrinsic(n)
		if id = value(arg); function == "" {
			id = value(n)
		} else if function != "Ref" {
			return "", "", fmt.Sprintf("its %s is none of this template", property)
		}
	}
	a, ok := r.apis[id]
	if !ok || a.kind != kind {
		return "", "", fmt.Sprintf("its %s is %s, which is no %s of this template", property, id, kind)
	}
	return id, a.stage, ""
}

// noteEvent looks at what else is said of an event.
func (r *reader) noteEvent(f *Function, name, properties *yaml.Node) {
	for property, v := range entries(properties) {
		switch property.Value {
		case "Auth":
			if value(child(v, "Authorizer")) == "NONE" {
				continue
			}
			r.note(v, "Auth of the event %s of %s is not enforced here", name.Value, f.ID)
		case "RequestModel", "RequestParameters", "TimeoutInMillis":
			r.note(property, "%s of the event %s of %s is not applied here", property.Value, name.Value, f.ID)
		}
	}
}

// path reads an event's path and method into its route, and says what is wrong
// with them.
func (r *reader) path(route *Route, properties *yaml.Node) (why string) {
	path, method := r.string(properties, "Path"), r.string(properties, "Method")
	mayLackBoth := !route.Service.IsREST()
	switch {
	case mayLackBoth && (path == "" && method == "" || path == "$default"):
		return ""
	case !mayLackBoth && (path == "" || method == ""):
		return " needs Path and Method"
	case path == "" || method == "":
		return " needs both Path and Method, or neither"
	case !strings.HasPrefix(path, "/"):
		return fmt.Sprintf(": Path is %q, want one that begins with /", path)
	}
	if wrong := wrongSegment(path); wrong != "" {
		return fmt.Sprintf(": Path is %q: %s", path, wrong)
	}
	route.Path, route.Method = path, strings.ToUpper(method)
	if method == "*" || route.Method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
		route.Method = "ANY"
	}
	return ""
}

// wrongSegment says what API Gateway would not take of a path, or "".
func wrongSegment(path string) string {
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		name, isVariable := strings.CutPrefix(segment, "{")
		if isVariable {
			name, isVariable = strings.CutSuffix(name, "}")
		}
		greedy := false
		if isVariable {
			name, greedy = strings.CutSuffix(name, "+")
		}
		switch {
		case strings.ContainsAny(name, "{}"), isVariable && name == "":
			return fmt.Sprintf("want %q plain, or a variable as a whole: {name}", segment)
		case greedy && i < len(segments)-1:
			return fmt.Sprintf("%s takes the rest of a path, so it has to be the last of it", segment)
		}
	}
	return ""
}

// functionURL reads the function's URL, of which its own properties go before
// those of Globals.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-functionurlconfig.html
func (r *reader) functionURL(f *Function, properties *yaml.Node) {
	const name = "FunctionUrlConfig"
	route := Route{Service: FunctionURL}
	mode := ""
	for _, section := range []*yaml.Node{r.globals, properties} {
		config := r.structure(section, name, f.ID)
		if config == nil {
			continue
		}
		route.Line = keyOf(section, name).Line
		if own := r.string(config, "InvokeMode"); own != "" {
			mode = own
		}
		for property := range entries(config) {
			switch {
			case property.Value == "AuthType" && r.string(config, "AuthType") == "AWS_IAM":
				r.note(property, "AuthType AWS_IAM of the function URL of %s is not enforced here", f.ID)
			case property.Value == "Cors":
				r.note(property, "Cors of the function URL of %s is not applied here", f.ID)
			}
		}
	}
	switch mode {
	case "", "BUFFERED":
	case "RESPONSE_STREAM":
		route.Service = FunctionURLStreaming
	default:
		r.problems = append(r.problems, Note{route.Line, fmt.Sprintf("InvokeMode of %s is %q, want BUFFERED or RESPONSE_STREAM", f.ID, mode)})
	}
	if route.Line > 0 {
		f.Routes = append(f.Routes, route)
	}
}
