#!/usr/bin/env bash
# The comparisons of docs/results.md: what the photo, the attention and the generated questions are worth, each as a row
# of models/vqa/metrics.json.
#   bash training/vqa/compare.sh COCO_QA VQA DAQUAR COCO [GENERATED FLICKR8K]
# COCO_QA is the folder of the training questions; GENERATED is a file of questions made from captions of COCO and Flickr8k.
set -euo pipefail
coco_qa=$1 vqa=$2 daquar=$3 coco=$4 generated=${5:-} flickr8k=${6:-}
export OMP_NUM_THREADS=1
given=(--coco-qa "$coco_qa" --vqa "$vqa" --daquar "$daquar" --coco "$coco")

row() { # label, further options
  python -m training.vqa evaluate "${given[@]}" --label "$1" --write models/vqa/metrics.json "${@:2}"
}
trained() { # label, folder, further options
  [ -e "runs/$2/best.pt" ] || torchrun --standalone --nproc-per-node 2 -m training.vqa train "${given[@]}" --out "runs/$2" "${@:3}"
  row "$1" --checkpoint "runs/$2/best.pt"
}

row "majority of data set and type" --majority
for kind in question-only vis-lstm stacked-attention top-down; do
  trained "$kind" "vqa-$kind" --kind $kind
  [ -z "$generated" ] || trained "$kind, generated questions" "vqa-$kind-generated" --kind $kind \
    --generated "$generated" --flickr8k "$flickr8k"
done
trained "top-down, one direction" vqa-one-direction --one-direction
trained "top-down, without the bag of words" vqa-no-bag --no-bag
row "top-down, without the photo" --checkpoint runs/vqa-top-down/best.pt --without-photo
