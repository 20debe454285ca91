package pier

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"strconv"
	"time"
)

// Sender delivers one batch and returns the response of the server.
type Sender interface {
	Send(ctx context.Context, batch []Entry) (*http.Response, uint64, error)
}

// Uplink drains a spool into a sender until its context ends.
type Uplink struct {
	Spool   *Spool
	Sender  Sender
	First   time.Duration
	Longest time.Duration
	Size    int
	Rand    *rand.Rand

	pause time.Duration
}

// Step sends one batch and tells how long to wait before the next call.
func (u *Uplink) Step(ctx context.Context) (time.Duration, error) {
	batch := u.Spool.Batch(u.Size)
	if len(batch) == 0 {
		u.pause = 0
		return 10 * time.Second, nil
	}
	response, committed, err := u.Sender.Send(ctx, batch)
	if err != nil {
		return u.grow(), fmt.Errorf("uplink: %d readings stay in the spool: %w", len(batch), err)
	}
	switch {
	case response.StatusCode == http.StatusOK:
		u.Spool.Confirm(committed)
		u.pause = 0
		return 0, nil
	case response.StatusCode == http.StatusTooManyRequests:
		return u.told(response.Header.Get("Retry-After")), nil
	case response.StatusCode == http.StatusRequestEntityTooLarge:
		// The server lowered its limit: halve the batch, but never below ten.
		if u.Size > 20 {
			u.Size /= 2
		} else {
			u.Size = 10
		}
		return 0, nil
	default:
		return u.grow(), fmt.Errorf("uplink: server said %s", response.Status)
	}
}

// told obeys the server and adds up to a third, so that farms which lost power together
// do not come back together.
func (u *Uplink) told(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 1 {
		return u.grow()
	}
	base := time.Duration(seconds) * time.Second
	return base + time.Duration(u.Rand.Int63n(int64(base)/3+1))
}

// grow doubles the pause from First up to Longest.
func (u *Uplink) grow() time.Duration {
	if u.pause == 0 {
		u.pause = u.First
	} else {
		u.pause *= 2
	}
	if u.pause > u.Longest {
		u.pause = u.Longest
	}
	return u.pause
}

// Run calls Step for as long as the context lives. Errors are reported, never fatal: a
// gateway that exits because of the network needs a person on a ladder.
func (u *Uplink) Run(ctx context.Context, report func(error)) {
	for {
		wait, err := u.Step(ctx)
		if err != nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
