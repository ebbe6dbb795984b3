"""What leaving destroys is said once more right before the step that destroys it."""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.problems import Problem


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Methods of a service with a reward whose steps do not repeat its warning."""
    for slug, service in catalog.services.items():
        again = set(service.reward.again) if service.reward else set()
        for key, method in service.methods.items():
            warned = {fact for step in method.steps for fact in step.warning}
            readable = warned <= set(service.facts)  # a misspelt one was told already
            if again and readable and not again & warned:
                yield catalog.documents[f"services/{slug}.yaml"].problem(
                    ("methods", key, "steps"),
                    f"「{method.name}」の手順に、特典を失う前の注意がありません",
                    "失うことになる手順の warning に、reward の again の事実を書いてください",
                )
