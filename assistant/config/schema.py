"""The settings as declared data: frozen sections with described fields. Loaded by `config.load`, given out by `app`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

DenseEngine = Literal["edge", "qdrant", "usearch"]
SparseEngine = Literal["tantivy", "fts5"]
VaultKind = Literal["auto", "keyring", "passphrase"]


class Section(BaseModel):
    """A frozen group of settings; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ingest(Section):
    """What is read and how far."""

    max_file_mb: float = Field(default=32.0, gt=0, description="Files above this size (MiB) are excluded with a reason.")
    read_seconds: float = Field(default=60.0, gt=0, description="Longest time for reading one file, in seconds.")
    read_memory_mb: int = Field(default=1024, ge=128, description="Most memory of one reading process, in MiB.")
    read_output_mb: int = Field(default=64, ge=1, description="Most text taken from one file, in MiB.")
    readers: int = Field(default=2, ge=1, le=16, description="Number of reading processes.")
    use_gitignore: bool = Field(default=True, description="Skip what .gitignore files name.")
    ignore: tuple[str, ...] = Field(default=(), description="More patterns to skip, in .gitignore syntax.")
    secrets: Literal["hide", "exclude", "show"] = Field(
        default="hide",
        description="Keys, passwords, cards, passports: hide them in answers, exclude the files that hold them, or show them.",
    )


class Chunking(Section):
    """How documents are cut."""

    max_tokens: int = Field(default=200, ge=32, le=2000, description="Most tokens in a chunk, by the model's tokenizer.")
    overlap_tokens: int = Field(default=32, ge=0, le=500, description="Tokens repeated between neighbouring chunks of prose.")


class Embedding(Section):
    """The text model."""

    model: str = Field(default="all-MiniLM-L6-v2", description="Id of the model in models/; empty means text search alone.")
    threads: int = Field(default=0, ge=0, description="Threads of the model; 0 means all cores.")
    batch: int = Field(default=16, ge=1, le=256, description="Chunks embedded in one call.")
    switch_tolerance: float = Field(
        default=0.02,
        ge=0,
        le=1,
        description="How much worse than the old model a new one may do on the golden sets and take over.",
    )


class EngineChoice(Section):
    """The engines of a new memory; `mneme migrate` moves an existing one."""

    dense: DenseEngine = Field(
        default="edge", description="Engine of the vectors: edge (in process), usearch (memory-mapped), or qdrant (a server)."
    )
    sparse: SparseEngine = Field(default="tantivy", description="Engine of text search: tantivy, or fts5 (SQLite).")


class Qdrant(Section):
    """The Qdrant server or cluster, where it is chosen under engines; its API key is kept in the vault."""

    url: str = Field(default="", description="Address of the server (https://host:6333); nothing is sent while it is empty.")
    collection_prefix: str = Field(
        default="mneme", pattern=r"^[\w.-]{1,64}$", description="Beginning of the names of Mneme's collections on the server."
    )
    shard_number: int = Field(default=1, ge=1, le=64, description="Shards of a new collection.")
    replication_factor: int = Field(default=1, ge=1, le=16, description="Copies of each shard of a new collection.")
    write_consistency_factor: int = Field(
        default=1, ge=1, le=16, description="Copies that must have a write before it counts as done."
    )
    on_disk: bool = Field(default=True, description="Keep full vectors on the server's disk; the int8 ones stay in its memory.")
    oversampling: float = Field(
        default=2.0, ge=1, le=10, description="Candidates taken from the int8 scan for each result and scored again exactly."
    )
    graph_chunks: int = Field(
        default=1_000_000, ge=1000, description="Chunks above which the server builds a graph (m=32, ef_construct=256, ef=64)."
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, le=600, description="Longest wait for an answer of the server, in seconds."
    )
    retries: int = Field(default=2, ge=0, le=10, description="Further attempts when the server cannot be reached or is busy.")
    allow_plain_http: bool = Field(
        default=False, description="Allow http (not https) to another computer: vectors and key can then be read on the way."
    )
    ca_file: str = Field(
        default="", description="File with the certificate authority of your own server; empty for the usual ones."
    )


class Index(Section):
    """The two indexes."""

    dense_batch: int = Field(
        default=100, ge=1, le=1000, description="Vectors written in one call; larger calls pause the window."
    )
    commit_seconds: float = Field(default=1.0, gt=0, description="Longest time until read text becomes searchable, in seconds.")
    commit_chunks: int = Field(default=4000, ge=1, description="Chunks read before text is committed early.")
    optimise_chunks: int = Field(default=20000, ge=100, description="New vectors after which the dense index is quantised again.")
    graph_chunks: int = Field(
        default=2_000_000, ge=1, description="Vectors from which on a graph (m=32, ef_construct=256) is built for searching."
    )


class Recall(Section):
    """How candidates are scored; the four weights need not sum to one."""

    candidates: int = Field(default=200, ge=10, le=2000, description="Candidates taken from each index.")
    weight_dense: float = Field(default=0.42, ge=0, description="Weight of the similarity of vectors.")
    weight_sparse: float = Field(default=0.42, ge=0, description="Weight of text search.")
    weight_recency: float = Field(default=0.1, ge=0, description="Weight of how recently the source changed.")
    weight_quality: float = Field(default=0.06, ge=0, description="Weight of the source's quality.")
    recency_days: float = Field(default=180.0, gt=0, description="Age in days at which recency has halved.")
    duplicate_bits: int = Field(default=3, ge=0, le=16, description="SimHash distance in bits up to which hits are duplicates.")


class Rerank(Section):
    """A second look at the best hits by a model that reads question and passage together."""

    model: str = Field(default="", description="Id of the reranking model in models/; empty means none.")
    candidates: int = Field(default=20, ge=2, le=200, description="Most passages that it reads for one question.")
    margin: float = Field(default=0.15, ge=0, le=1, description="Lead of the best hit's score from which it is not asked.")
    budget_ms: float = Field(default=300.0, gt=0, description="Time after which what was not read keeps its place, in ms.")


class Answering(Section):
    """How answers are made."""

    budget_tokens: int = Field(default=1500, ge=100, description="Token budget of the evidence for one answer.")
    max_claims: int = Field(default=4, ge=1, le=20, description="Most sentences in an answer without a language model.")
    min_support: float = Field(default=0.5, ge=0, le=1, description="Support (0..1) below which Mneme abstains.")


class Security(Section):
    """How what Mneme keeps is protected."""

    encrypt_at_rest: bool = Field(
        default=False, description="Keep everything encrypted on disk; `mneme encrypt` and `mneme decrypt` convert a memory."
    )
    vault: VaultKind = Field(
        default="auto",
        description="Where the key of a new encrypted memory is kept: auto (keyring, else passphrase), keyring, passphrase.",
    )


class Watch(Section):
    """How changes on disk are followed."""

    quiet_ms: int = Field(default=400, ge=0, le=10_000, description="Time without a change after which a file is read, in ms.")
    scan_seconds: float = Field(
        default=60.0, gt=0, description="Time between two looks at network and removable drives, in seconds."
    )
    check_seconds: float = Field(
        default=2.0, gt=0, description="Time between two checks whether a drive went or came, in seconds."
    )
    rescan_minutes: float = Field(
        default=60.0, gt=0, description="Time between two full looks at watched folders, should a notice have been lost."
    )


class Upkeep(Section):
    """Backups, and how much disk memory may take."""

    disk_budget_mb: int = Field(
        default=20480, ge=64, description="Disk space (MiB) for memory; beyond it copies and set-aside files go, oldest first."
    )
    memory_budget_mb: int = Field(default=1536, ge=128, description="Main memory (MiB) of Mneme above which health warns.")
    backups_keep: int = Field(default=3, ge=0, le=100, description="Automatic backups kept; 0 makes none.")
    backup_hours: float = Field(default=24.0, gt=0, description="Hours between automatic backups.")


class Quality(Section):
    """How Mneme watches over the quality of its own recall."""

    nightly: bool = Field(
        default=True, description="Run the golden sets every night while nobody works, on mains power where that is known."
    )
    nightly_hour: int = Field(default=3, ge=0, le=23, description="Hour (local time) from which a nightly run may begin.")
    idle_minutes: float = Field(
        default=15.0, ge=0, le=1440, description="Minutes without a question after which nobody is taken to be working."
    )
    tune_questions: int = Field(
        default=20, ge=10, le=10_000, description="Confirmed questions below which weights are not tuned."
    )


class Pools(Section):
    """How indexing shares the machine."""

    battery_share: float = Field(
        default=0.5, gt=0, le=1, description="Share of the time that indexing works while on battery; 1 means no slower."
    )
    warm_questions: int = Field(
        default=8, ge=0, le=100, description="Latest questions asked again silently at start, so that what is used is warm."
    )


class Acting(Section):
    """How Mneme acts on files, and how long it can take that back."""

    undo_budget_mb: int = Field(
        default=4096,
        ge=0,
        description="Disk space (MiB) for contents from before; beyond it the oldest runs can no longer be undone.",
    )
    undo_file_mb: int = Field(default=512, ge=1, description="Largest file (MiB) whose contents are kept before it is rewritten.")
    most_entries: int = Field(
        default=20_000, ge=1, description="Most files and folders one plan may change; above it nothing is done."
    )
    most_listed: int = Field(default=500_000, ge=1000, description="Most entries looked at in one folder with all below it.")
    grant_days: int = Field(default=30, ge=1, le=3650, description="Days after which a standing permission ends.")
    plan_minutes: float = Field(default=60.0, gt=0, description="Minutes after which a plan nobody approved is withdrawn.")
    step_seconds: float = Field(default=600.0, gt=0, description="Longest time for one step, in seconds.")
    trash_after_days: int = Field(
        default=30, ge=1, description="Age in days from which downloads count as old where none is named."
    )


class Interface(Section):
    """The window."""

    language: str = Field(default="", description="Language of the window: en, ru, or empty for the system's.")
    theme: str = Field(default="system", description="system, light or dark.")


class Settings(Section):
    """Everything that can be set; every field can come from the environment as MNEME_<SECTION>__<FIELD>."""

    schema_version: int = Field(default=SCHEMA_VERSION, description="Version of this file's layout; migrated when older.")
    ingest: Ingest = Field(default=Ingest(), description="What is read and how far.")
    chunking: Chunking = Field(default=Chunking(), description="How documents are cut.")
    embedding: Embedding = Field(default=Embedding(), description="The text model.")
    engines: EngineChoice = Field(
        default=EngineChoice(), description="The engines of a new memory; `mneme migrate` moves an existing one."
    )
    qdrant: Qdrant = Field(default=Qdrant(), description="The Qdrant server or cluster, where it is chosen under engines.")
    index: Index = Field(default=Index(), description="The two indexes.")
    recall: Recall = Field(default=Recall(), description="How candidates are scored.")
    rerank: Rerank = Field(default=Rerank(), description="A second look at the best hits by a reranking model.")
    answering: Answering = Field(default=Answering(), description="How answers are made.")
    security: Security = Field(default=Security(), description="How what Mneme keeps is protected.")
    watch: Watch = Field(default=Watch(), description="How changes on disk are followed.")
    upkeep: Upkeep = Field(default=Upkeep(), description="Backups, and how much disk memory may take.")
    quality: Quality = Field(default=Quality(), description="How Mneme watches over the quality of its own recall.")
    pools: Pools = Field(default=Pools(), description="How indexing shares the machine.")
    acting: Acting = Field(default=Acting(), description="How Mneme acts on files.")
    interface: Interface = Field(default=Interface(), description="The window.")
