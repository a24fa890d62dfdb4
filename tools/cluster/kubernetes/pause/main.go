// The first process of every pod: it holds the pod's network and does nothing else.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// Children that lost their parent are reaped by the kernel.
	signal.Ignore(syscall.SIGCHLD)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGINT, syscall.SIGTERM)
	<-ended
}
