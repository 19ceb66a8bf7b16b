// Command kubectl is Kubernetes' own client, from the module that it is published in: the programs of
// k8s.io/kubernetes are not meant to be built elsewhere. Benches measure it as a peer.
package main

import (
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		// Prints the error and ends with its exit code.
		util.CheckErr(err)
	}
}
