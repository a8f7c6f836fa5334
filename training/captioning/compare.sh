#!/usr/bin/env bash
# The comparisons of docs/results.md: what the decoder, the loss, the data and the search are worth, each as a row of
# models/captioning/metrics.json. About three hours on two cores.
#   bash training/captioning/compare.sh FLICKR8K COCO COCO_QA ENCODER [TUNED]
# ENCODER is `imagenet` or an npz file; TUNED is a checkpoint to compare the searches on.
set -euo pipefail
flickr8k=$1 coco=$2 coco_qa=$3 encoder=$4 tuned=${5:-}
export OMP_NUM_THREADS=1
metrics=models/captioning/metrics.json
captioning=training.captioning

row() { # label, checkpoint, further options
  python -m $captioning evaluate --flickr8k "$flickr8k" --coco "$coco" --checkpoint "$2" --label "$1" --write $metrics "${@:3}"
}
frozen() { # label, folder, further options: five epochs on the frozen encoder, with Flickr8k's photos alone
  [ -e "runs/$2/best.pt" ] || torchrun --standalone --nproc-per-node 2 -m $captioning train --flickr8k "$flickr8k" \
    --init "$encoder" --out "runs/$2" --epochs 5 "${@:3}"
  row "$1" "runs/$2/best.pt"
}

for decoder in init-inject soft-attention adaptive top-down; do
  frozen "$decoder, frozen encoder, Flickr8k alone" "compare-$decoder" --decoder "$decoder"
done
frozen "top-down, frozen, Flickr8k alone, no label smoothing, no weight average" compare-plain-loss --smoothing 0 --ema 0
[ -e runs/compare-data/best.pt ] || torchrun --standalone --nproc-per-node 2 -m $captioning train --flickr8k "$flickr8k" \
  --coco "$coco" --coco-qa "$coco_qa" --init "$encoder" --out runs/compare-data --epochs 5
row "top-down, frozen encoder, Flickr8k and COCO" runs/compare-data/best.pt

if [ -n "$tuned" ]; then
  for beam in 1 2 3 4 5 6 8 10; do row "best model, beam $beam" "$tuned" --beam $beam; done
  for beam in 4 10; do row "best model, consensus of 40 samples within beam $beam" "$tuned" --beam $beam --consensus 40; done
fi
