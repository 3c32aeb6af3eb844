// Command static compiles, and was built as for Lambda if it says so.
package main

import "fmt"

func main() { fmt.Println("built:", builtFor) }
