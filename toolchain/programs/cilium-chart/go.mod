module cluster-network/toolchain/cilium-chart

go 1.25.0

require github.com/cilium/cilium v1.20.2
