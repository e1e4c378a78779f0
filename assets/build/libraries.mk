# SPDX-License-Identifier: MIT
# Where the compiler finds the libraries. Debian ships no pkg-config file for zint and libcsv.
pkg = $(shell pkg-config $(1) 2>/dev/null)

core_pkgs     := glib-2.0 sqlite3 libpq libsodium jansson
tui_pkgs      := ncursesw
printing_pkgs := cairo cairo-ft pangocairo fontconfig freetype2 harfbuzz harfbuzz-subset

lib_flags     := $(call pkg,--cflags $(core_pkgs) $(tui_pkgs) $(printing_pkgs))
core_libs     := $(call pkg,--libs $(core_pkgs)) -lcsv
tui_libs      := $(call pkg,--libs $(tui_pkgs))
printing_libs := $(call pkg,--libs $(printing_pkgs)) $(shell cups-config --libs 2>/dev/null) -lzint -lm
test_libs     := -lvterm -lutil -lm
