package pier

import (
	"sync"
	"time"
)

// Trust says whether a time may be stamped on a reading.
type Trust int

const (
	// Unset means that no server has been heard since power came back.
	Unset Trust = iota
	// Drifting means that the last two answers of the servers disagreed with the chip.
	Drifting
	// Good means that the chip is within the allowed drift.
	Good
)

// Guard compares the clock chip with time servers. It exists because a gateway once sent
// eleven million readings dated 1970 and filled the disk of the broker.
type Guard struct {
	mu       sync.RWMutex
	maxDrift time.Duration
	offset   time.Duration
	misses   int
	trust    Trust
	heard    time.Time
}

// NewGuard makes a guard that tolerates maxDrift, usually two minutes.
func NewGuard(maxDrift time.Duration) *Guard {
	return &Guard{maxDrift: maxDrift}
}

// Observe takes the chip's time and the server's time of the same moment. One bad answer
// is forgiven, because a mobile network may hold a packet for minutes.
func (g *Guard) Observe(chip, server time.Time) Trust {
	g.mu.Lock()
	defer g.mu.Unlock()
	difference := server.Sub(chip)
	if difference < 0 {
		difference = -difference
	}
	g.heard = chip
	if difference <= g.maxDrift {
		g.offset = server.Sub(chip)
		g.misses = 0
		g.trust = Good
		return g.trust
	}
	g.misses++
	if g.misses >= 2 || g.trust == Unset {
		g.trust = Drifting
	}
	return g.trust
}

// Stamp returns the corrected time for a reading, and false when there is none to trust.
// The caller then stores the reading with the uptime counter instead.
func (g *Guard) Stamp(chip time.Time) (time.Time, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.trust != Good {
		return time.Time{}, false
	}
	if chip.Sub(g.heard) > 36*time.Hour {
		return time.Time{}, false
	}
	return chip.Add(g.offset), true
}

// Backdate computes when a reading was taken that was stored under an uptime counter,
// once the clock is good again. Readings from before the last restart cannot be saved.
func (g *Guard) Backdate(now time.Time, uptimeNow, uptimeThen time.Duration) (time.Time, bool) {
	if uptimeThen > uptimeNow {
		return time.Time{}, false
	}
	stamped, ok := g.Stamp(now)
	if !ok {
		return time.Time{}, false
	}
	return stamped.Add(uptimeThen - uptimeNow), true
}
