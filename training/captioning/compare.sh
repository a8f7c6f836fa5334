#!/usr/bin/env bash
# The comparisons of docs/results.md: what the decoder, the loss, the data, the encoder and the search are worth, each as a
# row of models/captioning/metrics.json. Every decoder is trained for four epochs on regions that are encoded once, so that the
# rows differ in what their names say and in nothing else. About an hour and a half on two cores.
#   bash training/captioning/compare.sh FLICKR8K COCO COCO_QA IMAGENET
# IMAGENET is `imagenet`, or an npz file of ImageNet weights. The other rows take the encoder that ships.
set -euo pipefail
flickr8k=$1 coco=$2 coco_qa=$3 imagenet=$4
export OMP_NUM_THREADS=1
captioning=training.captioning
encoder=models/vision/encoder.onnx
shipped=(--init $encoder --regions-from $encoder)
all=(--flickr8k "$flickr8k" --coco "$coco" --coco-qa "$coco_qa")

train() { # folder, further options
  [ -e "runs/$1/best.pt" ] || torchrun --standalone --nproc-per-node 2 -m $captioning train --out "runs/$1" \
    --epochs 4 --batch-size 32 --references 3 --ema 0.995 "${@:2}"
}
score() { # label, checkpoint, data and further options
  python -m $captioning evaluate --checkpoint "$2" --label "$1" --write models/captioning/metrics.json "${@:3}"
}
row() { # label, checkpoint, further options
  score "$1" "$2" --flickr8k "$flickr8k" --coco "$coco" "${@:3}"
}

for decoder in init-inject soft-attention adaptive top-down; do
  train compare-$decoder "${all[@]}" "${shipped[@]}" --decoder $decoder
  row "$decoder" runs/compare-$decoder/best.pt --regions-from $encoder
done
train compare-plain "${all[@]}" "${shipped[@]}" --decoder soft-attention --smoothing 0 --ema 0
row "soft-attention, no label smoothing, no weight average" runs/compare-plain/best.pt --regions-from $encoder
train compare-alone --flickr8k "$flickr8k" "${shipped[@]}" --decoder soft-attention
row "soft-attention, Flickr8k's 6,000 photos alone" runs/compare-alone/best.pt --regions-from $encoder
train compare-imagenet --flickr8k "$flickr8k" --init "$imagenet" --decoder soft-attention
row "soft-attention, Flickr8k's 6,000 photos alone, encoder not fine-tuned" runs/compare-imagenet/best.pt

row "the one that ships" models --regions-from $encoder
train compare-critical "${all[@]}" --from models --regions-from $encoder --stage self-critical --epochs 1 \
  --references 2 --rate 2e-5 --cross-entropy-share 0.3 --ema 0.99
row "the one that ships, another epoch of self-critical training" runs/compare-critical/best.pt --regions-from $encoder
search=(--flickr8k "$flickr8k" --regions-from $encoder)
for beam in 1 2 3 4 5 6 8 10; do score "the one that ships, beam $beam" models "${search[@]}" --beam $beam; done
for beam in 4 10; do
  score "the one that ships, beam $beam, consensus of 40 samples" models "${search[@]}" --beam $beam --consensus 40
done
