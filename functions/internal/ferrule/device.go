package ferrule

import "strings"

// maxDeviceName is the length in runes after which an unknown user agent is
// cut: enough to recognise it, too little to be a nuisance in a list.
const maxDeviceName = 40

// The order matters: browsers name those that they are compatible with, so
// that Edge also says Chrome, and Chrome also says Safari.
var (
	browsers = []struct{ token, name string }{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = []struct{ token, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Mac OS X", "Mac"},
		{"CrOS", "ChromeOS"},
		{"Linux", "Linux"},
	}
)

// DeviceName says in a few words what a User-Agent header stands for, such as
// "Firefox on Linux", for a person to recognise in a list of devices.
func DeviceName(userAgent string) string {
	for _, b := range browsers {
		if !strings.Contains(userAgent, b.token) {
			continue
		}
		for _, s := range systems {
			if strings.Contains(userAgent, s.token) {
				return b.name + " on " + s.name
			}
		}
		return b.name
	}

	product, _, _ := strings.Cut(userAgent, "/") // "curl/7.88.1" is curl
	name := []rune(strings.TrimSpace(strings.ToValidUTF8(product, "")))
	if len(name) == 0 {
		return "Unknown device"
	}
	return string(name[:min(len(name), maxDeviceName)])
}
