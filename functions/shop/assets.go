package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"time"
)

// The stylesheet and the pictures, in the program itself: a function that
// serves its own needs no bucket beside it.
//
//go:embed assets
var assetFiles embed.FS

// assetBuild names what the assets contain. It is part of their addresses, so
// that browsers may keep them for ever.
var assetBuild = hashAssets()

func assetURL(name string) string { return path.Join("/assets", assetBuild, name) }

// serveAsset answers without looking at the session, so it costs no read.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	content, err := assetFiles.ReadFile(path.Join("assets", r.PathValue("name")))
	if err != nil {
		notFound(w, r)
		return
	}

	// While a new version rolls out, a page of one meets the function of the
	// other: the asset is served, but not kept under the wrong address.
	cache := "no-cache"
	if r.PathValue("build") == assetBuild {
		cache = "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", cache)
	http.ServeContent(w, r, r.PathValue("name"), time.Time{}, bytes.NewReader(content))
}

func hashAssets() string {
	hash := sha256.New()
	err := fs.WalkDir(assetFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := assetFiles.ReadFile(name)
		hash.Write([]byte(name))
		hash.Write(content)
		return err
	})
	if err != nil {
		panic(err) // the files are in the program: they cannot fail to be read
	}
	return hex.EncodeToString(hash.Sum(nil)[:6])
}
