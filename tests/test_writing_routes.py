"""Nobody can make people who are signed in write anything from a page of elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

from conftest import make_data_dir, our_environment

BY_FORM = (
    *("/connexion", "/connexion/courriel", "/connexion/lien/{key}", "/deconnexion", "/relier"),
    *("/mon-compte/mot-de-passe", "/mon-compte/deconnexion"),
    *("/mes-conversations/supprimer", "/mes-conversations/{conversation}/supprimer"),
    *("/admin/connexion", "/admin/deconnexion", "/admin/reindexations", "/admin/versions/{version}/retour"),
    *("/admin/adherents", "/admin/adherents/import", "/admin/adherents/{member_id}/lien"),
    *("/admin/adherents/{member_id}/retirer", "/admin/adherents/{member_id}/{change}", "/admin/widget/sites"),
    *("/admin/liens/{link_id}/supprimer", "/admin/reindexations/{run_id}/arret"),
    *("/admin/tableaux", "/admin/tableaux/{key}", "/admin/tableaux/{key}/essai"),
    *("/admin/tableaux/{key}/retirer", "/admin/tableaux/{key}/oublier"),
    *("/admin/questions/cles", "/admin/questions/sans-reponse/{question}"),
    *("/admin/questions/sans-reponse/{question}/rouvrir", "/admin/notions", "/admin/notions/{slug}/{change}"),
)
BY_HEADER = ("/api/admin/reindex", "/api/admin/rollback")  # X-CSRF-Token, or the token of programs
OTHERWISE = {
    "/api/members/vouch": 403,  # the token that a host site signed: no cookie counts
    "/api/feedback": 422,  # the id of an answer, which who was given it alone knows
    "/api/ask": 422,  # writes nothing of who asks
    "/api/check": 422,  # compares a text, and writes nothing
    "/verifier": 422,  # the same, by a form
    "/api/admin/webhook": 404,  # the signature of the forge; not set here
    "/r/{link_id}/supprimer": 403,  # the key that was given with the link: no cookie counts
    "/chat/project/action": 422,  # an action that the chat offered in a conversation, with the proof of the page
    "/chat/set-session-cookie": 422,  # a name of its own for the browser's conversation; nothing is kept
}


def test_each_route_that_writes_refuses_people_whose_request_has_no_token(own_data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    folder = make_data_dir(tmp_path / "data", own_data_dir)
    script = Path(__file__).with_name("writing_routes.py")
    command = [sys.executable, "-P", str(script), str(folder)]
    environment = our_environment(PYTHONPATH=str(script.parent))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    expected = {f"POST {path}": 403 for path in (*BY_FORM, *BY_HEADER)}
    expected |= {f"POST {path}": status for path, status in OTHERWISE.items()}
    assert json.loads(done.stdout.splitlines()[-1]) == expected
