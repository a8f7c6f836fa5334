#!/usr/bin/env bash
# The comparisons of docs/results.md: one-hot vectors against embeddings, each as a row of models/language/metrics.json.
#   bash training/language/compare.sh AUSTEN
# AUSTEN is where Debian's r-cran-janeaustenr is unpacked.
set -euo pipefail
austen=$1
export OMP_NUM_THREADS=1

for size in 0 64; do
  out=runs/language-embedding-$size
  [ -e "$out/best.pt" ] || python -m training.language train --austen "$austen" --out "$out" --hidden 64 --embedding $size --epochs 1
  label="64 units, embeddings of $size"
  [ $size = 0 ] && label="64 units, one-hot vectors"
  python -m training.language evaluate --austen "$austen" --checkpoint "$out/best.pt" --split test --label "$label" --write models/language/metrics.json
done
