# SPDX-License-Identifier: MIT
# Turns NNNN_name.sql files into a C table: {version, name, text} a row.
BEGIN {
    print "#include \"core/db/schema.h\""
    print "const struct schema_file schema_files[] = {"
}
FNR == 1 {
    if (NR > 1) print "    },"
    n = split(FILENAME, part, "/")
    base = part[n]; sub(/\.sql$/, "", base)
    printf "    {%d, \"%s\",\n", substr(base, 1, 4) + 0, substr(base, 6)
}
{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); print "        \"" $0 "\\n\"" }
END {
    if (NR > 0) print "    },"
    print "    {0},\n};\nconst unsigned schema_file_count = sizeof schema_files / sizeof schema_files[0] - 1;"
}
