// Package smtptest is a real SMTP server for tests, in memory or on TCP, that replies as told.
//
// Its rules:
//   - Left alone it is an obedient server (RFC 5321); each fault is one [Answer], keyed by command or by recipient.
//   - What it took is kept as it came: the envelope, the parameters and the bytes, only the dots unstuffed.
//   - It uses ordinary timers and connections, so it also runs in a testing/synctest bubble, through [Server.Dial].
package smtptest
