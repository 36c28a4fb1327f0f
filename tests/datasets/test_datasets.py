"""Data sets: sizes, scaling, splits, seeds, refusals, and the loader that needs the network."""

import random
import sys
from http.client import IncompleteRead
from types import SimpleNamespace
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from relukit import datasets
from relukit.datasets import Dataset, circles, digits, mnist1d, moons, openml, spirals, xor
from relukit.datasets.scaling import scale_pixels
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.streams import number

X, Y = torch.tensor([[0.0, 1.0], [2.0, 3.0]]), torch.tensor([0, 1])


def make(**changes):
    parts = {"x_train": X, "y_train": Y, "x_test": X, "y_test": Y, "n_classes": 2}
    return Dataset(name="two", source="two points", **{**parts, **changes})


# Dataset


def test_repr_names_sizes_and_shows_no_tensor():
    text = repr(make())
    assert text == "Dataset('two': 2 train + 2 test, 2 features, 2 classes, torch.float32 on cpu)"


def test_dataset_is_frozen_and_counts_its_features():
    data = make()
    assert data.n_features == 2
    with pytest.raises(AttributeError):
        data.name = "other"


@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_dataset_moves_all_four_tensors_and_changes_none(device):
    moved = make().to(device)
    for part in ("x_train", "y_train", "x_test", "y_test"):
        assert getattr(moved, part).device.type == device
        assert torch.equal(getattr(moved, part).cpu(), getattr(make(), part))
    assert (moved.name, moved.source, moved.n_classes) == ("two", "two points", 2)


@pytest.mark.parametrize("device", ["abacus", 3.5, None, "cuda:9999", "meta"])
def test_unknown_or_missing_device_is_reported_with_cpu_as_the_way_out(device):
    with pytest.raises(UnavailableError, match="pass 'cpu'"):
        make().to(device)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"x_train": [[0.0]]}, InvalidTypeError, "a tensor x_train"),
        ({"y_test": [0, 1]}, InvalidTypeError, "a tensor y_test"),
        ({"x_train": X.long()}, InvalidTypeError, "floating-point x_train"),
        ({"y_train": Y.float()}, InvalidTypeError, "int64 y_train"),
        ({"y_train": Y.int()}, InvalidTypeError, "int64 y_train"),
        ({"n_classes": 2.0}, InvalidTypeError, "integer n_classes"),
        ({"n_classes": True}, InvalidTypeError, "integer n_classes"),
        ({"n_classes": 1}, InvalidValueError, "at least 2"),
        ({"x_test": X[:1]}, InvalidValueError, "one label"),
        ({"x_train": X[0]}, InvalidValueError, "shape"),
        ({"x_train": X[:0], "y_train": Y[:0]}, InvalidValueError, "neither empty"),
        ({"x_test": X[:, :0]}, InvalidValueError, "neither empty"),
        ({"x_test": X[:, :1]}, InvalidValueError, "same features"),
        ({"x_test": X.double()}, InvalidValueError, "same features and dtype"),
        ({"x_train": X / 0}, InvalidValueError, "finite x_train"),
        (
            {"y_train": torch.tensor([0, 2])},
            InvalidValueError,
            "from 0 to 1, got labels from 0 to 2",
        ),
        ({"y_test": torch.tensor([-1, 0])}, InvalidValueError, "labels from -1 to 0"),
    ],
)
def test_dataset_refuses_parts_that_do_not_fit(changes, error, words):
    with pytest.raises(error, match=words):
        make(**changes)


# scaling


def test_standard_scaling_is_centred_per_pixel_with_one_global_spread():
    pixels = load_digits().data
    train, test = scale_pixels(pixels[:1000], pixels[1000:], top=16, scaling="standard")
    unit = pixels / 16
    centred = unit - unit[:1000].mean(axis=0)
    expected = centred / np.sqrt((centred[:1000] ** 2).mean())
    np.testing.assert_allclose(np.concatenate([train, test]), expected, rtol=1e-4, atol=1e-5)


def test_scaling_leaves_what_it_was_given_alone():
    pixels = np.array([[0.0, 8.0], [16.0, 8.0]])
    scale_pixels(pixels, pixels, top=16, scaling="standard")
    assert pixels.tolist() == [[0.0, 8.0], [16.0, 8.0]]


def test_scaling_refuses_identical_images_and_unknown_names():
    same = np.full((3, 2), 7.0)
    with pytest.raises(InvalidValueError, match="identical images"):
        scale_pixels(same, same, top=16, scaling="standard")
    with pytest.raises(InvalidValueError, match="did you mean 'standard'"):
        scale_pixels(same, same, top=16, scaling="standart")


# digits


def test_digits_have_the_stated_sizes_and_are_stratified():
    data = digits()
    assert (data.x_train.shape, data.x_test.shape) == ((1347, 64), (450, 64))
    assert data.x_train.dtype == torch.float32
    everything = np.bincount(load_digits().target)
    counts = torch.bincount(data.y_test).numpy()
    assert np.abs(counts - everything * 450 / 1797).max() < 1


def test_digits_constant_pixels_become_zero_and_the_spread_is_one():
    data = digits()
    assert (data.x_train[:, [0, 32, 39]] == 0).all()
    assert data.x_train.double().std(correction=0).item() == pytest.approx(1, abs=1e-6)
    assert data.x_train.double().mean(dim=0).abs().max() < 1e-6


def test_digits_split_every_image_once():
    data = digits(scaling="raw")
    rows = torch.cat([data.x_train, data.x_test]).numpy()
    original = load_digits().data
    assert np.array_equal(np.sort(rows @ np.arange(1, 65)), np.sort(original @ np.arange(1, 65)))
    assert rows.max() == 16


def test_digits_unit_scaling_is_raw_over_sixteen():
    assert torch.equal(digits(scaling="unit").x_test, digits(scaling="raw").x_test / 16)


def test_digits_depend_on_the_seed_and_on_nothing_else():
    assert torch.equal(digits(seed=3).x_train, digits(seed=3).x_train)
    assert not torch.equal(digits(seed=3).y_train, digits(seed=4).y_train)


@pytest.mark.parametrize("maker", [digits, mnist1d, moons, spirals, xor])
@pytest.mark.parametrize("seed", [1.0, "0", None, True])
def test_seed_of_another_kind_is_refused(maker, seed):
    with pytest.raises(InvalidTypeError, match="integer seed"):
        maker(seed=seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seed_out_of_range_is_refused(seed):
    with pytest.raises(InvalidValueError, match="seed from 0"):
        digits(seed=seed)


def test_numpy_integers_count_as_seeds():
    assert torch.equal(xor(seed=np.int64(3)).x_train, xor(seed=3).x_train)


# mnist1d


def test_mnist1d_is_the_package_s_data_and_leaves_both_global_streams_alone(capsys):
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    before = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    data = mnist1d(seed=7)
    assert np.array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert random.getstate() == before[1]
    assert capsys.readouterr() == ("", "")

    from mnist1d.data import get_dataset_args, make_dataset

    arguments = get_dataset_args()
    arguments.seed = 7
    expected = make_dataset(arguments)
    np.testing.assert_allclose(data.x_test.numpy(), expected["x_test"], rtol=1e-6)
    assert data.y_train.tolist() == expected["y"].tolist()
    assert torch.cat([data.x_train, data.x_test]).std().item() == pytest.approx(1, abs=1e-3)


def test_mnist1d_restores_the_streams_when_the_generator_fails(monkeypatch):
    from mnist1d import data

    def fail(arguments):
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        raise MemoryError

    monkeypatch.setattr(data, "make_dataset", fail)
    before = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    with pytest.raises(MemoryError):
        mnist1d()
    assert np.array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert random.getstate() == before[1]


# points in the plane


@pytest.mark.parametrize("maker", [moons, circles, spirals, xor])
def test_toys_have_the_size_asked_for_and_balanced_classes(maker):
    data = maker(200)
    assert (len(data.x_train), len(data.x_test), data.n_features) == (150, 50, 2)
    assert torch.bincount(data.y_train).tolist() == [75, 75]
    assert data.x_train.dtype == torch.float32


@pytest.mark.parametrize("maker", [moons, circles, spirals, xor])
def test_toys_repeat_with_their_seed_and_change_with_it(maker):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    assert torch.equal(maker(40, seed=1).x_train, maker(40, seed=1).x_train)
    assert not torch.equal(maker(40, seed=1).x_train, maker(40, seed=2).x_train)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@pytest.mark.parametrize("maker", [moons, circles, spirals, xor])
def test_noise_has_the_stated_standard_deviation(maker):
    clean, noisy = maker(4000, noise=0.0), maker(4000, noise=0.3)
    added = noisy.x_train.var(dim=0, correction=0) - clean.x_train.var(dim=0, correction=0)
    assert added.mean().item() == pytest.approx(0.09, abs=0.02)


def test_circles_have_radius_one_and_one_half():
    data = circles(100, noise=0.0)
    torch.testing.assert_close(data.x_train.norm(dim=1), 1 - data.y_train / 2)


def test_moons_are_half_circles_around_two_centres():
    data = moons(100, noise=0.0)
    centre = torch.stack([data.y_train, data.y_train / 2], dim=1)
    torch.testing.assert_close((data.x_train - centre).norm(dim=1), torch.ones(75))


def test_spirals_follow_their_formula():
    data = spirals(90, arms=3, noise=0.0)
    radius = data.x_train.norm(dim=1).double()
    angle = 2 * torch.pi * (radius + data.y_train / 3)
    expected = radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    torch.testing.assert_close(data.x_train.double(), expected, atol=1e-5, rtol=0)
    everyone = torch.cat([data.x_train, data.x_test]).norm(dim=1)
    assert everyone.min().item() == pytest.approx(0.1)
    assert everyone.max().item() == pytest.approx(1.0)


def test_xor_without_noise_is_what_two_rectifiers_compute_and_no_line_can():
    data = xor(80, noise=0.0)
    s = data.x_train.sum(dim=1)
    assert torch.equal(s.relu() - 2 * (s - 1).relu(), data.y_train.float())
    inputs = np.column_stack([np.unique(data.x_train.numpy(), axis=0), np.ones(4)])
    labels = np.array([0.0, 1.0, 1.0, 0.0])
    fit = inputs @ np.linalg.lstsq(inputs, labels, rcond=None)[0]
    assert np.mean((fit - labels) ** 2) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"n": 7}, InvalidValueError, "n from 8"),
        ({"n": 100.0}, InvalidTypeError, "integer n"),
        ({"noise": -0.1}, InvalidValueError, "noise of 0 or more"),
        ({"noise": float("nan")}, InvalidValueError, "finite noise"),
        ({"noise": float("inf")}, InvalidValueError, "finite noise"),
        ({"noise": "much"}, InvalidTypeError, "number as noise"),
        ({"noise": False}, InvalidTypeError, "number as noise"),
    ],
)
@pytest.mark.parametrize("maker", [moons, circles, spirals, xor])
def test_toys_refuse_unusable_numbers(maker, options, error, words):
    with pytest.raises(error, match=words):
        maker(**options)


def test_spirals_need_two_arms_and_four_points_each():
    with pytest.raises(InvalidValueError, match="arms from 2"):
        spirals(arms=1)
    with pytest.raises(InvalidValueError, match="n from 20"):
        spirals(19, arms=5)
    assert spirals(20, arms=5).n_classes == 5


# OpenML, with the download replaced


@pytest.fixture
def small(monkeypatch):
    """Shrink the expected download to 60 + 10 images of 4 pixels and record the request."""
    monkeypatch.setattr(openml, "TRAIN_ROWS", 60)
    monkeypatch.setattr(openml, "TEST_ROWS", 10)
    monkeypatch.setattr(openml, "PIXELS", 4)
    requests = []

    def serve(answer):
        def fetch_openml(*names, **options):
            requests.append((*names, options))
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch_openml)
        return requests

    return serve


def images(rows=70):
    pixels = np.arange(rows * 4, dtype=float).reshape(rows, 4) % 256
    return SimpleNamespace(data=pixels, target=np.array([str(i % 10) for i in range(rows)]))


@pytest.mark.parametrize(
    ("loader", "asked"),
    [(datasets.mnist, "mnist_784"), (datasets.fashion_mnist, "Fashion-MNIST")],
)
def test_openml_sets_keep_the_published_split_and_ask_for_no_pandas(small, tmp_path, loader, asked):
    requests = small(images())
    data = loader(scaling="raw", cache=tmp_path)
    assert data.x_train.tolist() == images().data[:60].tolist()
    assert data.y_test.tolist() == [i % 10 for i in range(60, 70)]
    name, options = requests[0]
    assert (name, options["version"], options["data_home"]) == (asked, 1, str(tmp_path))
    assert (options["parser"], options["as_frame"]) == ("liac-arff", False)


def test_openml_default_cache_is_the_user_s_own(small):
    from platformdirs import user_cache_dir

    requests = small(images())
    datasets.mnist()
    assert requests[0][1]["data_home"] == user_cache_dir("relukit")


def test_openml_standard_scaling_uses_the_training_part_only(small, tmp_path):
    small(images())
    train = datasets.mnist(cache=tmp_path).x_train.double()
    assert train.mean(dim=0).abs().max() < 1e-6
    assert train.std(correction=0).item() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    "cause",
    [URLError("Name or service not known"), TimeoutError(), IncompleteRead(b""), ValueError("md5")],
)
def test_openml_failure_names_its_cause_and_the_offline_choice(small, tmp_path, cause):
    small(cause)
    kept = tmp_path / "kept"
    kept.write_text("earlier download")
    with pytest.raises(UnavailableError, match=type(cause).__name__) as caught:
        datasets.fashion_mnist(cache=tmp_path)
    assert caught.value.__cause__ is cause
    assert "digits() or mnist1d()" in caught.value.do
    assert kept.read_text() == "earlier download"


def test_scikit_learn_itself_accepts_the_request_and_fails_offline(tmp_path, monkeypatch):
    module = sys.modules[sklearn.datasets.fetch_openml.__module__]

    def no_network(*_, **__):
        raise URLError("Name or service not known")

    monkeypatch.setattr(module, "urlopen", no_network)
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    with (
        pytest.warns(UserWarning, match="network error"),
        pytest.raises(UnavailableError, match=r"URLError.*Name or service not known"),
    ):
        datasets.mnist(cache=tmp_path)


@pytest.mark.parametrize("rows", [69, 71])
def test_openml_answer_of_another_size_is_refused(small, tmp_path, rows):
    small(images(rows))
    with pytest.raises(UnavailableError, match="70 images of 4 pixels") as caught:
        datasets.mnist(cache=tmp_path)
    assert str(tmp_path) in caught.value.do


def test_openml_labels_that_are_no_numbers_are_refused(small, tmp_path):
    small(SimpleNamespace(data=images().data, target=np.array(["boot"] * 70)))
    with pytest.raises(UnavailableError, match="boot"):
        datasets.fashion_mnist(cache=tmp_path)


def test_openml_options_are_checked_before_any_download(small):
    requests = small(images())
    with pytest.raises(InvalidValueError, match="scaling"):
        datasets.mnist(scaling="percent")
    with pytest.raises(InvalidTypeError, match="folder or None"):
        datasets.mnist(cache=3)
    assert requests == []


# load


def test_load_finds_every_data_set_by_its_function_s_name():
    assert {name: getattr(datasets, name) for name in datasets.DATASETS} == datasets.DATASETS
    assert torch.equal(datasets.load("moons", n=40, seed=2).x_test, moons(40, seed=2).x_test)


@pytest.mark.parametrize("name", ["digit", None, ["digits"]])
def test_load_refuses_unknown_names_and_lists_the_known(name):
    with pytest.raises(InvalidValueError, match="circles, digits, fashion_mnist, letters, mnist"):
        datasets.load(name)


def test_load_refuses_options_that_the_data_set_does_not_have():
    with pytest.raises(InvalidTypeError, match=r"option of digits\(\).*scaling, seed"):
        datasets.load("digits", noise=0.1)


# parts


def rows_of(x):
    return {tuple(row) for row in x.tolist()}


def test_validation_parts_the_training_part_and_leaves_the_test_part_out():
    data = digits(seed=3)
    part = data.validation(0.25, seed=5)
    assert (len(part.x_train), len(part.x_test)) == (1010, 337)
    together = torch.cat([part.x_train, part.x_test])
    assert sorted(together.tolist()) == sorted(data.x_train.tolist())
    counts, whole = part.y_test.bincount().double(), data.y_train.bincount()
    assert ((counts / 337 - whole / 1347).abs() < 1 / 337).all()
    assert torch.equal(part.x_test, data.validation(0.25, seed=5).x_test)
    assert not torch.equal(part.x_test, data.validation(0.25, seed=6).x_test)
    assert not rows_of(data.x_test) & rows_of(together)
    oracle = train_test_split(
        data.x_train,
        data.y_train,
        test_size=0.25,
        stratify=data.y_train,
        random_state=number(5, "validation"),
    )
    assert torch.equal(part.x_test, oracle[1])
    assert torch.equal(part.y_train, oracle[2])


def test_redrawn_splits_the_same_examples_otherwise():
    data = spirals(300, arms=3)
    other = data.redrawn(seed=4)
    assert (len(other.x_train), len(other.x_test)) == (225, 75)
    assert other.y_test.bincount().tolist() == [25, 25, 25]
    both = [torch.cat([d.x_train, d.x_test]).tolist() for d in (data, other)]
    assert sorted(both[0]) == sorted(both[1])
    assert not torch.equal(other.x_test, data.redrawn(seed=5).x_test)
    for x, y in zip(other.x_test, other.y_test, strict=True):
        parts = ((data.x_train, data.y_train), (data.x_test, data.y_test))
        labels = [int(label) for known, names in parts for label in names[(known == x).all(1)]]
        assert labels == [int(y)]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda data: data.validation(0.0), InvalidValueError, "share between 0 and 1"),
        (lambda data: data.validation(1), InvalidValueError, "share between 0 and 1"),
        (lambda data: data.validation("a fifth"), InvalidTypeError, "number as share"),
        (lambda data: data.validation(seed=-1), InvalidValueError, "seed"),
        (lambda data: data.validation(seed=0.5), InvalidTypeError, "integer seed"),
        (lambda data: data.redrawn(seed=2**32), InvalidValueError, "seed"),
        (lambda data: make().validation(), InvalidValueError, "every class"),
    ],
)
def test_parts_that_cannot_be_drawn_are_refused(call, error, words):
    with pytest.raises(error, match=words):
        call(xor(40))


def test_what_is_read_once_cannot_be_spoiled():
    first = digits(scaling="raw")
    first.x_train.fill_(7.0)
    assert torch.equal(digits(scaling="raw").x_train.max(), torch.tensor(16.0))
