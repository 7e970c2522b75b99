"""A trained model to the files that extraction reads: ONNX with weights of eight bits, vocabulary, labels; and back."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertConfig, BertForTokenClassification

from extraction.encoding import Vocabulary
from extraction.errors import BadModel
from extraction.tagger import LABELS, VOCABULARY, WEIGHTS, Labels

INPUTS = ("input_ids", "token_type_ids")
_OPSET = 23
"""The first with an attention of its own, which ONNX Runtime computes in one step."""


class _Scores(torch.nn.Module):
    """The model with its inputs by position and its scores alone."""

    def __init__(self, model: BertForTokenClassification) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.model(input_ids=tokens, token_type_ids=words).logits
        return scores


def export(
    model: BertForTokenClassification, vocabulary: Vocabulary, labels: Labels, folder: Path, *, eight_bits: bool = True
) -> None:
    """Write ``model.onnx`` (weights of eight bits, or fp32), ``config.json``, ``vocabulary.txt`` and ``labels.txt``."""
    folder.mkdir(parents=True, exist_ok=True)
    full = folder / "full.onnx"
    sample = tuple(torch.ones(2, 16, dtype=torch.int64) for _ in INPUTS)
    batch, length = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("length", min=2, max=256)
    shapes = tuple({0: batch, 1: length} for _ in INPUTS)
    model.set_attn_implementation("sdpa")
    torch.onnx.export(
        _Scores(model).eval(), sample, full, dynamo=True, input_names=[*INPUTS], output_names=["logits"],
        dynamic_shapes=shapes, external_data=False, verbose=False, opset_version=_OPSET,
    )  # fmt: skip
    if eight_bits:
        _name_weights(full)
        quantize_dynamic(
            full, folder / WEIGHTS, weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )  # fmt: skip
        full.unlink()
    else:
        full.replace(folder / WEIGHTS)
    model.config.to_json_file(folder / "config.json")
    vocabulary.save(folder / VOCABULARY)
    labels.save(folder / LABELS)


def _name_weights(path: Path) -> None:
    """Give every matrix the name of its layer, which the exporter keeps only for the bias that is added next to it."""
    content = onnx.load(path)
    graph = content.graph
    initializers = {each.name for each in graph.initializer}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    renamed: dict[str, str] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in initializers:
            [adding] = users[node.output[0]]
            [bias] = [name for name in adding.input if name in initializers]
            renamed[node.input[1]] = bias.removesuffix("bias") + "weight"
    for each in graph.initializer:
        each.name = renamed.get(each.name, each.name)
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = renamed.get(name, name)
    onnx.save(content, path)


def restore(folder: Path) -> BertForTokenClassification:
    """The model that `export` wrote, its weights of eight bits as full ones, to be trained further.

    :raises BadModel: the folder does not hold such a model.
    """
    try:
        configuration = BertConfig.from_json_file(folder / "config.json")
        tensors = {each.name: numpy_helper.to_array(each) for each in onnx.load(folder / WEIGHTS).graph.initializer}
    except Exception as error:
        raise BadModel(str(folder), f"no model to go on from ({str(error)[:80]!r})", "give a trained model") from error
    model = BertForTokenClassification(configuration)
    state: dict[str, torch.Tensor] = {}
    for name, parameter in model.state_dict().items():
        value = _weights(tensors, f"model.{name}")
        if value is not None and value.ndim > 1 and "embeddings" not in name:
            # ONNX multiplies from the left, a linear layer from the right.
            value = value.T
        if value is not None and value.shape == tuple(parameter.shape):
            state[name] = torch.tensor(np.ascontiguousarray(value))
    left = [name for name, _ in model.named_parameters() if name not in state]
    if left:
        raise BadModel(str(folder), f"lacks the weights of {left[0]}", "give a model that this version has trained")
    model.load_state_dict(state, strict=False)
    return model


def _weights(tensors: dict[str, Any], name: str) -> Any:
    """A tensor as it is stored, or made full again from eight bits with their scale and zero point."""
    if name in tensors:
        return tensors[name]
    if f"{name}_quantized" not in tensors:
        return None
    levels = tensors[f"{name}_quantized"].astype(np.float32) - tensors[f"{name}_zero_point"].astype(np.float32)
    return levels * tensors[f"{name}_scale"]
