// Package smtptest is a real SMTP server for tests, in memory or on TCP, that replies as told; and a fast one that counts.
//
// Its rules:
//   - Left alone, [Server] is an obedient server (RFC 5321); each fault is one [Answer], keyed by command or by recipient.
//   - What a Server took is kept as it came: the envelope, the parameters and the bytes, only the dots unstuffed.
//   - A Server uses ordinary timers and connections, so it also runs in a testing/synctest bubble, through [Server.Dial].
//   - [Sink] keeps no letter, only how many copies each recipient got and whether they were the same one; its faults come by
//     chance. Of the two it is the one for many letters and for other programs: `go run ./internal/smtptest/sink`.
package smtptest
