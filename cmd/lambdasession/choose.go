package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/front"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// templateNames are where a template is looked for, as sam does.
var templateNames = []string{"template.yaml", "template.yml", "template.json"}

// findTemplate is the template that was asked for, or the one that is here.
func findTemplate(asked string) (string, error) {
	if asked != "" {
		if _, err := os.Stat(asked); errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("there is no template at %s (--template)", asked)
		}
		return asked, nil
	}
	for _, name := range templateNames {
		if _, err := os.Stat(name); err == nil {
			return name, nil
		}
	}
	here, err := os.Getwd()
	if err != nil {
		here = "this folder"
	}
	return "", fmt.Errorf("no template in %s: looked for %s; --template FILE names another", here, strings.Join(templateNames, ", "))
}

// choose returns the functions that were asked for, or all of them, if requests
// can be told apart by their routes.
func choose(functions []template.Function, asked []string) ([]template.Function, error) {
	for _, id := range asked {
		if !slices.ContainsFunc(functions, func(f template.Function) bool { return f.ID == id }) {
			known := make([]string, len(functions))
			for i, f := range functions {
				known[i] = f.ID
			}
			return nil, fmt.Errorf("--function %s: the template has %s", id, strings.Join(known, ", "))
		}
	}
	var chosen []template.Function
	routes := 0
	for _, f := range functions {
		if len(asked) > 0 && !slices.Contains(asked, f.ID) {
			continue
		}
		chosen = append(chosen, f)
		routes += len(f.Routes)
	}
	if routes == 0 {
		return nil, errors.New("none of the functions answers HTTP requests: give one an event of Type HttpApi or Api, or a FunctionUrlConfig")
	}
	if err := front.Check(chosen); err != nil {
		return nil, err
	}
	return chosen, nil
}
