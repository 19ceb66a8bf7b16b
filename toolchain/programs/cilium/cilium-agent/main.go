// Cilium's agent, for a kernel whose features are all built in.
package main

import (
	"github.com/cilium/cilium/daemon/cmd"
	"github.com/cilium/cilium/pkg/datapath/linux/modules"
	"github.com/cilium/cilium/pkg/hive"
	"github.com/cilium/cilium/pkg/hive/cell"
)

// main starts the agent as its own main does, with one part replaced: the agent's list
// of loaded modules is read from /proc/modules, which a kernel without modules lacks,
// and without the file the agent does not start.
func main() {
	builtIn := cell.Decorate(func() *modules.Manager { return &modules.Manager{} }, cmd.Agent)
	cmd.Execute(cmd.NewAgentCmd(hive.New(builtIn)))
}
