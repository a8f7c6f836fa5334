#!/usr/bin/env bash
# The comparisons of docs/results.md: what hops, sentence encoder, context, renaming, linear start and supporting sentences are worth, each
# as a row of models/stories/metrics.json.
#   bash training/stories/compare.sh BABI
# BABI is the folder en of bAbI v1.2.
set -euo pipefail
babi=$1
export OMP_NUM_THREADS=1

trained() { # label, folder, further options
  [ -e "runs/$2/best.pt" ] || python -m training.stories train --babi "$babi" --out "runs/$2" "${@:3}"
  python -m training.stories evaluate --babi "$babi" --checkpoint "runs/$2/best.pt" --label "$1" --write models/stories/metrics.json
}

trained "with facts" stories --facts 0.3
trained "without facts" stories-weak
for hops in 1 2 4; do
  trained "$hops hops, without facts" "stories-hops-$hops" --hops $hops
done
trained "GRU over words, without facts" stories-gru --encoder gru
trained "GRUs over sentences, without facts" stories-context --context both
trained "linear start, without facts" stories-linear --linear-epochs 5
trained "as the files tell it, without facts" stories-names --no-renaming
for seed in 2 3; do
  trained "seed $seed, with facts" "stories-seed-$seed" --facts 0.3 --seed $seed
done
