// Command pulumi-resource-kubernetes is the Kubernetes provider, built from its
// published module. That module's own main embeds two generated files that are not
// published; the build copies their sources beside this file (see programs.ts).
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker.
var version string

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() { provider.Serve("kubernetes", version, schema, terraformMapping) }
