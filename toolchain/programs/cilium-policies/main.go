// Command cilium-policies asks Cilium's own policy engine which connections policies allow. It
// reads worlds from stdin, one JSON object per line, and answers each with a line on stdout, in
// order, until stdin ends. Cilium's are the reading of policies, the labels of pods, selectors,
// entities and CIDRs, what isolates whom, and the filters that come of it; only to look into
// these filters, which the agent leaves to eBPF, is done here.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/cache"
	"github.com/cilium/cilium/pkg/k8s"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	slimcorev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	slimnetworkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	slimmetav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/logging"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	testidentity "github.com/cilium/cilium/pkg/testutils/identity"
)

const clusterName = "default"

// world is a question: may each end connect to each end on each port?
type world struct {
	// Namespaces are labels by name.
	Namespaces map[string]map[string]string `json:"namespaces"`
	Pods       []pod                        `json:"pods"`
	// Addresses are ends outside of the cluster; they come after the pods.
	Addresses []netip.Addr `json:"addresses"`
	// Entities are ends by their reserved labels; they come last.
	Entities [][]string        `json:"entities"`
	Policies []json.RawMessage `json:"policies"`
	Ports    []port            `json:"ports"`
}

type pod struct {
	Namespace      string            `json:"namespace"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"serviceAccount"`
	Address        string            `json:"address"`
	Ports          []port            `json:"ports"`
}

type port struct {
	Name     string `json:"name,omitempty"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

// answer has a digit for each source, within it for each destination, within it for each
// port: 1 where the destination's ingress allows, plus 2 where the source's egress does.
type answer struct {
	Verdicts string `json:"verdicts,omitempty"`
	Error    string `json:"error,omitempty"`
}

type end struct {
	id     identity.NumericIdentity
	labels labels.LabelArray
	isPod  bool
	ports  []port
}

// side is what the policies of an end say of a direction: without any, everything passes.
type side struct {
	enforced bool
	filters  policy.L4PolicyMap
}

func main() {
	logging.DefaultLogger.SetOutput(io.Discard)
	api.InitEntities(clusterName, false)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "cilium-policies: %v\n", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	answers := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(answers)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			verdicts, problem := judge(line)
			told := answer{Verdicts: verdicts}
			if problem != nil {
				told = answer{Error: problem.Error()}
			}
			if err := encoder.Encode(told); err != nil {
				return err
			}
		}
		if lines.Buffered() == 0 || err != nil {
			if err := answers.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func judge(line []byte) (string, error) {
	var asked world
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return "", err
	}
	ends, identities := asked.ends()
	repository := policy.NewStoppedPolicyRepository(
		testidentity.NewMockIdentityAllocator(identities), identities, nil, nil, api.NewPolicyMetricsNoop())
	repository.GetSelectorCache().SetLocalIdentityNotifier(testidentity.NewDummyIdentityNotifier())
	for _, raw := range asked.Policies {
		rules, err := parse(raw)
		if err != nil {
			return "", err
		}
		repository.AddListLocked(rules)
	}
	ingress, egress := make([]side, len(ends)), make([]side, len(ends))
	for at, end := range ends {
		if !end.isPod {
			continue
		}
		in, out := repository.GetRulesMatching(end.labels)
		ingress[at].enforced, egress[at].enforced = in, out
		var err error
		if ingress[at].filters, err = repository.ResolveL4IngressPolicy(&policy.SearchContext{To: end.labels}); err != nil {
			return "", err
		}
		if egress[at].filters, err = repository.ResolveL4EgressPolicy(&policy.SearchContext{From: end.labels}); err != nil {
			return "", err
		}
	}
	verdicts := make([]byte, 0, len(ends)*len(ends)*len(asked.Ports))
	for from := range ends {
		for to := range ends {
			for _, on := range asked.Ports {
				told := byte('0')
				if ingress[to].allows(ends[from], ends[to].ports, on) {
					told++
				}
				if egress[from].allows(ends[to], ends[to].ports, on) {
					told += 2
				}
				verdicts = append(verdicts, told)
			}
		}
	}
	return string(verdicts), nil
}

// allows is what the datapath makes of it: whatever denies wins.
func (s side) allows(peer end, declared []port, on port) bool {
	if !s.enforced {
		return true
	}
	allowed := false
	for _, filter := range s.filters {
		if !covers(filter, declared, on) {
			continue
		}
		for selector, rule := range filter.PerSelectorPolicies {
			if !selector.IsWildcard() && !selector.Selects(peer.id) {
				continue
			}
			if rule != nil && rule.IsDeny {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

// covers tells whether a filter is about a port; a name is what the destination calls it.
func covers(filter *policy.L4Filter, declared []port, on port) bool {
	if filter.Protocol != api.ProtoAny && string(filter.Protocol) != on.Protocol {
		return false
	}
	if filter.PortName == "" {
		return filter.Port == 0 || filter.Port == on.Port
	}
	for _, one := range declared {
		if one.Name == filter.PortName && one.Port == on.Port && one.Protocol == on.Protocol {
			return true
		}
	}
	return false
}

func parse(raw json.RawMessage) (api.Rules, error) {
	var meta struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(raw, &meta); err != nil {
		return nil, err
	}
	switch meta.Kind {
	case "NetworkPolicy":
		var np slimnetworkingv1.NetworkPolicy
		if err := json.Unmarshal(raw, &np); err != nil {
			return nil, err
		}
		return k8s.ParseNetworkPolicy(&np)
	case "CiliumNetworkPolicy":
		var cnp ciliumv2.CiliumNetworkPolicy
		if err := json.Unmarshal(raw, &cnp); err != nil {
			return nil, err
		}
		return cnp.Parse()
	case "CiliumClusterwideNetworkPolicy":
		var ccnp ciliumv2.CiliumClusterwideNetworkPolicy
		if err := json.Unmarshal(raw, &ccnp); err != nil {
			return nil, err
		}
		return ccnp.Parse()
	}
	return nil, fmt.Errorf("unknown kind %q", meta.Kind)
}

// ends are the pods, then the addresses, then the entities, each with an identity of its own.
func (w *world) ends() ([]end, cache.IdentityCache) {
	var ends []end
	identities := cache.IdentityCache{}
	add := func(is end) {
		is.id = identity.NumericIdentity(1000 + len(ends))
		identities[is.id] = is.labels
		ends = append(ends, is)
	}
	for _, pod := range w.Pods {
		namespace := &slimcorev1.Namespace{ObjectMeta: slimmetav1.ObjectMeta{Name: pod.Namespace, Labels: w.Namespaces[pod.Namespace]}}
		sanitized := k8sutils.SanitizePodLabels(pod.Labels, namespace, pod.ServiceAccount, clusterName)
		array := labels.Map2Labels(sanitized, labels.LabelSourceK8s).LabelArray()
		add(end{labels: array, isPod: true, ports: pod.Ports})
	}
	for _, address := range w.Addresses {
		add(end{labels: labels.GetCIDRLabels(netip.PrefixFrom(address, address.BitLen())).LabelArray()})
	}
	for _, entity := range w.Entities {
		reserved := labels.Labels{}
		for _, name := range entity {
			reserved[name] = labels.NewLabel(name, "", labels.LabelSourceReserved)
		}
		add(end{labels: reserved.LabelArray()})
	}
	return ends, identities
}
