// Package pier contains the parts of the gateway that must not lose readings.
package pier

import (
	"errors"
	"sort"
	"sync"
	"time"
)

// ErrFull is returned when even thinning did not make enough room.
var ErrFull = errors.New("spool: full after thinning")

// Entry is one unsent reading; Size is its length in the file.
type Entry struct {
	Sequence uint64
	Node     string
	Taken    time.Time
	Size     int
}

// Spool holds unsent readings in the order of their sequence.
type Spool struct {
	mu      sync.Mutex
	entries []Entry
	bytes   int
	limit   int
	maxAge  time.Duration
}

// NewSpool makes a spool that holds at most limit bytes and nothing older than maxAge.
func NewSpool(limit int, maxAge time.Duration) *Spool {
	return &Spool{limit: limit, maxAge: maxAge}
}

// Put appends a reading. When the limit is hit, old readings are thinned before the new
// one is refused: a hole in last week's chart hurts less than a hole in today's.
func (s *Spool) Put(e Entry, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+e.Size > s.limit {
		s.thin(now.Add(-48 * time.Hour))
		s.expire(now)
	}
	if s.bytes+e.Size > s.limit {
		return ErrFull
	}
	s.entries = append(s.entries, e)
	s.bytes += e.Size
	return nil
}

// Batch returns up to max of the oldest readings without removing them.
func (s *Spool) Batch(max int) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if max > len(s.entries) {
		max = len(s.entries)
	}
	return append([]Entry(nil), s.entries[:max]...)
}

// Confirm removes everything up to and including sequence. The server names the highest
// number it has committed, so a lost answer leads to a repeated batch, never to a loss.
func (s *Spool) Confirm(sequence uint64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	cut := sort.Search(len(s.entries), func(i int) bool {
		return s.entries[i].Sequence > sequence
	})
	for _, e := range s.entries[:cut] {
		s.bytes -= e.Size
	}
	s.entries = s.entries[cut:]
	return cut
}

// FillPercent tells how full the spool is; the ring turns red above ninety.
func (s *Spool) FillPercent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes * 100 / s.limit
}

// thin keeps the first reading of each node and hour among those taken before the cutoff.
func (s *Spool) thin(cutoff time.Time) {
	seen := make(map[string]bool)
	kept := s.entries[:0]
	for _, e := range s.entries {
		key := e.Node + e.Taken.Truncate(time.Hour).Format(time.RFC3339)
		if e.Taken.Before(cutoff) && seen[key] {
			s.bytes -= e.Size
			continue
		}
		seen[key] = true
		kept = append(kept, e)
	}
	s.entries = kept
}

func (s *Spool) expire(now time.Time) {
	kept := s.entries[:0]
	for _, e := range s.entries {
		if now.Sub(e.Taken) > s.maxAge {
			s.bytes -= e.Size
			continue
		}
		kept = append(kept, e)
	}
	s.entries = kept
}
