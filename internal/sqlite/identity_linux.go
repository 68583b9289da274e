package sqlite

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// identity tells a file from any copy of it: by its number in the file system and the instant at which it was made there
// (statx(2)), which nothing can set. Both outlive a restart and a rename. The number of the device is not asked: the kernel
// gives disks and mounts another one at each start.
func identity(path string) (string, error) {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_INO|unix.STATX_BTIME, &st); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if st.Mask&unix.STATX_BTIME == 0 {
		return fmt.Sprintf("inode %d", st.Ino), nil
	}
	return fmt.Sprintf("inode %d made %d.%09d", st.Ino, st.Btime.Sec, st.Btime.Nsec), nil
}
