#!/bin/sh
echo "$0" | grep -c s.sh; echo "$1-$2"
