"""Who lives the invented lives: families of an authority, and those of its children who are merely looked after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.registers._demo._lives import Child, Family, Life, Told, days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cictrack.registers._demo._lives import Lives, Story, World

AUTHORITY = 950
"""So many children are one authority, with the numbers of cases that the stories of the registers name."""

TEAMS = ("North", "North East", "East", "South East", "South", "South West", "West", "North West")
WORKERS, IROS, LOCALITIES = 48, 12, 6
MOST_SIBLINGS = 5
PLACES = ("U1", "U3", "U4", "U6")


class Authority:
    """One authority's children while they are made: never more than `children` of them."""

    def __init__(self, world: World, number: int, children: int) -> None:
        self.world = world
        self.number = number
        self.most = children
        self.families: list[Family] = []
        self.count = 0

    def people(self, lives: Mapping[str, Lives]) -> list[Family]:
        """Its families, every story of every register lived as often as the number of children asks for."""
        told = 0
        for register, its in sorted(lives.items(), key=lambda pair: pair[1].place):
            for story in its.stories:
                before, told = told, told + story.cases
                cases = told * self.most // AUTHORITY - before * self.most // AUTHORITY
                self._live(register, its, story, cases)
        while self.count < self.most:
            self._looked_after(self.family())
        return self.world.chance.shuffled(self.families)

    def family(self) -> Family:
        """A family without children yet: its team, its people, its locality."""
        chance = self.world.chance
        team = chance.whole(0, len(TEAMS) - 1)
        worker = self.number * WORKERS + team + 1 + len(TEAMS) * chance.whole(0, WORKERS // len(TEAMS) - 1)
        assigned = {
            "team": TEAMS[team],
            "worker": f"Worker {worker:02d}",
            "manager": f"Manager {self.number * len(TEAMS) + team + 1:02d}",
            "iro": f"IRO {self.number * IROS + chance.whole(1, IROS):02d}",
            "locality": f"Locality {chance.whole(1, LOCALITIES)}",
        }
        family = Family(f"F{self.number * AUTHORITY + len(self.families) + 1:04d}", assigned)
        self.families.append(family)
        return family

    def child(self, family: Family) -> Child:
        """One more child of a family."""
        self.count += 1
        return Child(family)

    def _live(self, register: str, lives: Lives, story: Story, cases: int) -> None:
        """So many cases of one story: in children who have a history already, and in families made for it."""
        chance = self.world.chance
        known: list[Child] = []
        if story.follows is not None and lives.joins:
            every = (child for family in self.families for child in family.children)
            known = chance.shuffled([c for c in every if not c.on(register) and story.follows(c, self.world)])
        family: Family | None = None
        for _ in range(cases):
            if known and chance.odds(lives.joins):
                story.live(Life(self.world, known.pop(), register))
                continue
            if self.count >= self.most:
                return
            if family is None or len(family.children) >= MOST_SIBLINGS or not chance.odds(lives.together):
                family = self.family()
            story.live(Life(self.world, self.child(family), register))

    def _looked_after(self, family: Family) -> None:
        """A child in care who is on no register; now and then one who moves too often, or whose care is new."""
        world, chance = self.world, self.world.chance
        child = self.child(family)
        new = chance.odds(0.06)
        entered = world.ago(10, 300) if new else world.ago(400, 2500)
        years = chance.whole(0, 16 - (world.today - entered).days // 365)
        child.born = entered - days(years * 365 + chance.whole(5, 360))
        child.entered_care = entered
        self._recorded(child, "care-started", entered)
        self._recorded(child, "placement", entered, place=chance.pick(PLACES), provider="PR1", rne="S")
        for _ in range(chance.weighted(((0, 6), (1, 4), (2, 1), (3, 1)))):
            moved = world.ago(5, min(700, (world.today - entered).days - 1))
            ended = chance.weighted((("PLACE", 4), ("CARPL", 4), ("CREQB", 2), ("CHILD", 1)))
            self._recorded(child, "placement", moved, place=chance.pick(PLACES), provider="PR4", rne="P", ended=ended)
        self._recorded(child, "looked-after-review", world.ago(5, 170), code="PN1")

    def _recorded(self, child: Child, kind: str, day: date, /, **fields: str) -> None:
        child.record.append(Told(next(self.world.ids), kind, day, fields))
