"""Answers which documents on a plan are published (`plans.ports.Papers`)."""

from collections.abc import Collection

from sqlalchemy import select

from portal.ballots.models import Ballot
from portal.core.db import db
from portal.disclosure.models import DisclosureDoc
from portal.disclosure.rules import DocKind
from portal.plans.ports import Paper


class PublishedPapers:
    """Knows the documents of the archive; a kind that the portal does not make is never there."""

    def published(self, version_ids: Collection[int]) -> Collection[Paper]:
        """Return the kinds that are published about one of these versions, or the vote on one."""
        ballots = select(Ballot.id).where(Ballot.version_id.in_(version_ids))
        wanted = {
            Paper.NOTICE: (DocKind.DRAFT_NOTICE, DisclosureDoc.subject_id.in_(version_ids)),
            Paper.ADOPTION: (DocKind.ADOPTION, DisclosureDoc.subject_id.in_(version_ids)),
            Paper.RESULT: (DocKind.VOTE_RESULT, DisclosureDoc.subject_id.in_(ballots)),
        }
        return {
            paper
            for paper, (kind, about) in wanted.items()
            if db.session.scalar(
                select(DisclosureDoc.id).where(DisclosureDoc.kind == kind, about).limit(1)
            )
        }
