package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// process is one child of the supervisor.
type process struct {
	Name string   `json:"name"`
	Argv []string `json:"argv"`
	// Log receives stdout and stderr.
	Log string `json:"log"`
	// After must answer 200 before the process is started: kube-controller-manager
	// and kube-scheduler give up on a missing API server.
	After *endpoint `json:"after"`
}

// endpoint is a URL together with the file of the certificates it is trusted by.
// The file may appear later than the URL is asked for: the API server writes it.
type endpoint struct {
	URL string `json:"url"`
	CA  string `json:"ca"`
}

// spec is what SPEC.json holds; its paths are relative to the file's folder.
type spec struct {
	Processes []process `json:"processes"`
	// Children names the file that lists who runs: [{"name": ..., "pid": ...}].
	Children string `json:"children"`
	// GraceSeconds is how long each process may take to stop in order before it is
	// killed; 5 when it is not given.
	GraceSeconds float64 `json:"graceSeconds"`
}

const (
	readyWithin = 60 * time.Second
	// detachWord on standard input cuts the tie to the owner.
	detachWord = "detach"
)

// init pins main to the process's first thread: the kernel sends a child's
// death signal when the *thread* that started it ends, and that one ends last.
func init() { runtime.LockOSThread() }

// supervise starts the processes of a spec in order and runs until a signal, the
// end of standard input (unless the line "detach" came before), or the end of any
// of them; then it stops them all, last one first. Killing the supervisor itself,
// even with SIGKILL, ends them too.
func supervise(args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, usage)
		return 2
	}
	wanted, err := enter(args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "supervise:", err)
		return 2
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	orphaned := make(chan struct{})
	go followOwner(os.Stdin, orphaned)
	ended := make(chan string, len(wanted.Processes))
	stopping := func() bool {
		select {
		case <-signals:
			return true
		case <-orphaned:
			return true
		default:
			return false
		}
	}

	var running []*child
	defer func() { stopAll(running, wanted.grace()) }()
	for _, p := range wanted.Processes {
		if p.After != nil {
			if reason := waitFor(*p.After, stopping, ended); reason != "" {
				if reason != "stopped" {
					fmt.Fprintf(os.Stderr, "supervise: %s not started: %s\n", p.Name, reason)
					return 1
				}
				return 0
			}
		}
		c, err := start(p, ended)
		if err != nil {
			fmt.Fprintf(os.Stderr, "supervise: %s: %v\n", p.Name, err)
			return 1
		}
		running = append(running, c)
		if err := list(running, wanted.Children); err != nil {
			fmt.Fprintln(os.Stderr, "supervise:", err)
			return 1
		}
	}
	select {
	case <-signals:
	case <-orphaned:
	case reason := <-ended:
		fmt.Fprintln(os.Stderr, "supervise:", reason)
		return 1
	}
	return 0
}

// enter reads the spec, makes its folder the working directory, and lets nobody
// else read what is written from now on: tokens and keys are among it.
func enter(file string) (spec, error) {
	syscall.Umask(0o077)
	var wanted spec
	raw, err := os.ReadFile(file)
	if err != nil {
		return wanted, err
	}
	if err := json.Unmarshal(raw, &wanted); err != nil {
		return wanted, fmt.Errorf("%s: %w", file, err)
	}
	return wanted, os.Chdir(filepath.Dir(file))
}

// followOwner closes orphaned when the owner's end of the pipe closes, which it
// does however the owner ended. A detached supervisor has no owner any more.
func followOwner(owner io.Reader, orphaned chan<- struct{}) {
	for lines := bufio.NewScanner(owner); lines.Scan(); {
		if lines.Text() == detachWord {
			return
		}
	}
	close(orphaned)
}

type child struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
}

func start(p process, ended chan<- string) (*child, error) {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(p.Argv[0], p.Argv[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = dieWithParent()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{name: p.Name, cmd: cmd, done: make(chan struct{})}
	go func() {
		err := cmd.Wait()
		close(c.done)
		ended <- fmt.Sprintf("%s ended (%v): see %s", p.Name, err, p.Log)
	}()
	return c, nil
}

// list writes who runs to a file, whole or not at all.
func list(running []*child, file string) error {
	type entry struct {
		Name string `json:"name"`
		PID  int    `json:"pid"`
	}
	entries := make([]entry, 0, len(running))
	for _, c := range running {
		entries = append(entries, entry{c.name, c.cmd.Process.Pid})
	}
	raw, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (s spec) grace() time.Duration {
	if s.GraceSeconds <= 0 {
		return 5 * time.Second
	}
	return time.Duration(s.GraceSeconds * float64(time.Second))
}

func stopAll(running []*child, grace time.Duration) {
	for i := len(running) - 1; i >= 0; i-- {
		c := running[i]
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-c.done:
		case <-time.After(grace):
			_ = c.cmd.Process.Kill()
			<-c.done
		}
	}
}

// waitFor polls an endpoint until it answers 200 and returns "", or the reason why not.
func waitFor(e endpoint, stopping func() bool, ended <-chan string) string {
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if stopping() {
			return "stopped"
		}
		select {
		case reason := <-ended:
			return reason
		default:
		}
		if answers(e) {
			return ""
		}
	}
	return fmt.Sprintf("%s did not answer 200 within %s", e.URL, readyWithin)
}

// answers trusts only the endpoint's own certificates: whoever else took the port
// in the meantime is not taken for it.
func answers(e endpoint) bool {
	pem, err := os.ReadFile(e.CA)
	if err != nil {
		return false
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(pem) {
		return false
	}
	client := &http.Client{
		Timeout: 2 * time.Second,
		Transport: &http.Transport{
			TLSClientConfig:   &tls.Config{RootCAs: trusted},
			DisableKeepAlives: true,
		},
	}
	response, err := client.Get(e.URL)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}
