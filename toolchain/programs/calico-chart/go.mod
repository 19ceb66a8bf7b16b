module cluster-network/toolchain/calico-chart

go 1.25.0

// Its chart is that of v3.28.5; a module of major version 3 cannot be had by that name.
require github.com/projectcalico/calico v1.11.0-cni-plugin.0.20250813170300-a0db560f0520
