#!/bin/sh
echo "$A" >> "$(dirname "$0")/never" 2>/dev/null; true
