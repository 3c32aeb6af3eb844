package console

import (
	"bytes"
	"embed"
	"net/http"
	"path"
	"time"
)

//go:embed assets
var assetFiles embed.FS

func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	content, err := assetFiles.ReadFile(path.Join("assets", name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
