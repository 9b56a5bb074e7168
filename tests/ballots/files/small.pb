META
key;value
description;Small made-up election
country;Nowhere
unit;Town
subunit;District
instance;2024
num_projects;3
num_votes;6
budget;1000
vote_type;approval
rule;greedy
date_begin;01.09.2020
date_end;15.09.2020
max_length;2
PROJECTS
project_id;cost;votes;name;selected
A;500;4;Trees along the road, with a very long name that says in full what is meant by it;1
B;300;3;Library 𬭚;0
C;200;1;Bench;0
VOTES
voter_id;age;sex;voting_method;vote
1;17;K;internet;A,B
2;18;M;internet;A
3;;F;paper;A,C
4;75;;internet;B
5;44;M;;A
6;60;K;paper;B
